/** The application registration that the sandbox's tenant has consented to. */
export interface Application {
  readonly clientId: string;
  /** Secrets that are valid now; two during a rotation. */
  readonly secrets: Set<string>;
  /** PEM certificates whose keys may sign client assertions. */
  readonly certificates: Set<string>;
  /** Application roles that the administrator consented to; read when a token is issued. */
  readonly roles: Set<string>;
  tokenLifeSeconds: number;
  /** Consent withdrawn: the token endpoint answers AADSTS7000112. */
  disabled: boolean;
}
