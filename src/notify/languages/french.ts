import type { Wording } from "../wording.ts";

export const FRENCH: Wording = {
  language: "fr",
  subject: {
    warning: "Avertissement : un message contient des données sensibles",
    quarantine: "Un message a été placé en quarantaine",
    block: "Un message a été bloqué",
    error: "Un message n'a pas pu être contrôlé",
    release: "Un message a été libéré de la quarantaine",
    delete: "Un message en quarantaine a été supprimé",
    expire: "Un message en quarantaine a expiré",
    guard: "Une règle a été suspendue",
    digest: "Résumé de la dernière heure",
  },
  opening: {
    warning: {
      originator: "Vous avez envoyé un message visé par un avertissement des règles de votre organisation.",
      managers: "Un message visé par un avertissement des règles de votre organisation a été envoyé.",
    },
    quarantine: {
      originator:
        "Un message que vous avez envoyé a été placé en quarantaine. Un responsable de la protection des données va décider.",
      managers: "Un message a été placé en quarantaine et attend votre décision.",
    },
    block: {
      originator: "Un message que vous avez envoyé enfreint une règle de votre organisation et a été bloqué.",
      managers: "Un message enfreignait une règle de votre organisation et a été bloqué.",
    },
    error: {
      originator: "Un message que vous avez envoyé n'a pas pu être contrôlé.",
      managers: "Un message n'a pas pu être contrôlé.",
    },
    release: {
      originator: "Un message que vous avez envoyé a été libéré de la quarantaine.",
      managers: "Un message a été libéré de la quarantaine.",
    },
    delete: {
      originator: "Un message que vous avez envoyé a été supprimé de la quarantaine.",
      managers: "Un message en quarantaine a été supprimé.",
    },
    expire: {
      originator: "Personne n'a décidé à temps du sort de votre message en quarantaine ; il a été supprimé.",
      managers: "Personne n'a décidé à temps du sort d'un message en quarantaine ; il a été supprimé.",
    },
  },
  guard:
    "Une règle s'est appliquée en une heure à plus de messages que permis. Elle est suspendue et ne fait plus qu'enregistrer ce qu'elle ferait.",
  digest: "Tant de messages vous ont été signalés en une heure que la suite se trouve dans ce seul courriel.",
  labels: {
    message: "Message",
    sender: "Expéditeur",
    recipients: "Destinataires",
    rules: "Règles",
    found: "Trouvé",
    unread: "Non lu",
    outcome: "Copies",
    incident: "Incident",
    paused: "Règle suspendue",
    more: "Et encore",
    review: "Voir dans Postern (connexion requise)",
    decide: "Décider du message retenu (connexion requise)",
  },
  copies: (taken, of, outside) =>
    outside === 0
      ? `Repris chez ${taken} destinataire(s) sur ${of}.`
      : `Repris chez ${taken} destinataire(s) sur ${of} ; ${outside} hors de l'organisation ${outside === 1 ? "garde" : "gardent"} le message.`,
  restored: (back, of) => `Remis dans ${back} boîte(s) aux lettres sur ${of} ; les autres étaient inaccessibles.`,
  footer:
    "Les valeurs sont masquées. Ce courriel vient de Postern, le service de votre organisation contre la fuite de données.",
};
