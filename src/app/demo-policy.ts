/** The policy of the demo: one rule for each thing that a rule can do to sent mail. */
export const DEMO_POLICY = `version: 1
groups:
  - { id: payment, detectors: [credit-card, iban] }
rules:
  - id: cards-out
    description: Payment cards may not leave
    when: { detectors: [{ detector: credit-card }], recipients: { are: external } }
    action: block
    severity: high
    tell: { en: 'Card numbers may not leave by mail. Use the payment portal.' }
  - id: keys-out
    description: Private keys and access keys may not leave
    when: { detectors: [{ detector: private-key }, { detector: aws-access-key }], recipients: { are: external } }
    action: block
    severity: critical
  - id: personal-numbers
    description: National identification numbers wait for a decision
    when: { detectors: [{ detector: nl-bsn }, { detector: us-ssn }], recipients: { are: external } }
    action: quarantine
  - id: account-lists
    description: More than two bank accounts wait for a decision
    when: { detectors: [{ detector: iban, threshold: 2 }], recipients: { are: external } }
    action: quarantine
  - id: account
    description: A bank account goes out
    when: { detectors: [{ detector: iban }], recipients: { are: external } }
    action: warn
  - id: cc-leak
    description: Many addresses in To and Cc
    when: { detectors: [{ detector: email-address, threshold: 20 }], recipients: { are: external } }
    action: warn
    tell: { en: 'Use Bcc when you write to many customers.' }
scopes:
  global:
    rules: [cards-out, keys-out, personal-numbers, account-lists, account, cc-leak]
    settings:
      dlp.enabled: true
      dlp.managers: [manager-of-sender]
      notify.warning.originator: true
      notify.quarantine.originator: true
      notify.quarantine.managers: true
      notify.block.originator: true
      notify.block.managers: true
      notify.release.originator: true
      notify.delete.originator: true
`;
