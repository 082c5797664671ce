/**
 * The policy that holds until an administrator writes one (contract: starter policy): whatever a built-in detector
 * finds with at least medium confidence warns on its way out; cards and keys are stopped.
 */
export function starterPolicy(): string {
  return STARTER;
}

const STARTER = `# Postern's starter policy. Change it freely; docs/policies.md explains every field.
version: 1
rules:
  - id: sensitive-data-out
    description: Anything that a built-in detector finds, on its way to the outside
    when:
      detectors: [{ group: built-in, threshold: 0, confidence: medium }]
      recipients: { are: external }
    action: warn
    severity: low
  - id: cards-and-keys-out
    description: Payment cards, private keys and access keys to the outside
    when:
      detectors:
        - { detector: credit-card, threshold: 0, confidence: medium }
        - { group: built-in-access-keys, threshold: 0, confidence: medium }
      recipients: { are: external }
    action: block
    severity: high
scopes:
  global:
    rules: [sensitive-data-out, cards-and-keys-out]
    settings: { dlp.enabled: true }
`;
