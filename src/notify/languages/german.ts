import type { Wording } from "../wording.ts";

export const GERMAN: Wording = {
  language: "de",
  subject: {
    warning: "Warnung zu einer Nachricht mit vertraulichen Daten",
    quarantine: "Eine Nachricht wurde in Quarantäne genommen",
    block: "Eine Nachricht wurde blockiert",
    error: "Eine Nachricht konnte nicht geprüft werden",
    release: "Eine Nachricht wurde aus der Quarantäne freigegeben",
    delete: "Eine Nachricht in Quarantäne wurde gelöscht",
    expire: "Eine Nachricht in Quarantäne ist abgelaufen",
    guard: "Eine Regel wurde angehalten",
    digest: "Zusammenfassung der letzten Stunde",
  },
  opening: {
    warning: {
      originator: "Sie haben eine Nachricht gesendet, vor der die Regeln Ihrer Organisation warnen.",
      managers: "Es wurde eine Nachricht gesendet, vor der die Regeln Ihrer Organisation warnen.",
    },
    quarantine: {
      originator:
        "Eine von Ihnen gesendete Nachricht wurde in Quarantäne genommen. Die Verantwortlichen für Datenschutz entscheiden darüber.",
      managers: "Eine Nachricht wurde in Quarantäne genommen und wartet auf Ihre Entscheidung.",
    },
    block: {
      originator:
        "Eine von Ihnen gesendete Nachricht verstößt gegen eine Regel Ihrer Organisation und wurde blockiert.",
      managers: "Eine Nachricht verstieß gegen eine Regel Ihrer Organisation und wurde blockiert.",
    },
    error: {
      originator: "Eine von Ihnen gesendete Nachricht konnte nicht auf vertrauliche Daten geprüft werden.",
      managers: "Eine Nachricht konnte nicht auf vertrauliche Daten geprüft werden.",
    },
    release: {
      originator: "Eine von Ihnen gesendete Nachricht wurde aus der Quarantäne freigegeben.",
      managers: "Eine Nachricht wurde aus der Quarantäne freigegeben.",
    },
    delete: {
      originator: "Eine von Ihnen gesendete Nachricht wurde aus der Quarantäne gelöscht.",
      managers: "Eine Nachricht in Quarantäne wurde gelöscht.",
    },
    expire: {
      originator: "Über Ihre Nachricht in Quarantäne hat niemand rechtzeitig entschieden; sie wurde gelöscht.",
      managers: "Über eine Nachricht in Quarantäne hat niemand rechtzeitig entschieden; sie wurde gelöscht.",
    },
  },
  guard:
    "Eine Regel hat in einer Stunde auf mehr Nachrichten gewirkt, als sie darf. Sie ist angehalten und zeichnet nur noch auf, was sie täte.",
  digest: "Ihnen wurden in einer Stunde so viele Nachrichten gemeldet, dass der Rest in dieser einen Mail steht.",
  labels: {
    message: "Nachricht",
    sender: "Absender",
    recipients: "Empfänger",
    rules: "Regeln",
    found: "Gefunden",
    unread: "Nicht gelesen",
    outcome: "Kopien",
    incident: "Vorfall",
    paused: "Angehaltene Regel",
    more: "Und weitere",
    review: "In Postern ansehen (Anmeldung nötig)",
    decide: "Über die zurückgehaltene Nachricht entscheiden (Anmeldung nötig)",
  },
  copies: (taken, of, outside) =>
    outside === 0
      ? `Bei ${taken} von ${of} Empfängern zurückgeholt.`
      : `Bei ${taken} von ${of} Empfängern zurückgeholt; ${outside} außerhalb der Organisation ${outside === 1 ? "behält" : "behalten"} die Nachricht.`,
  restored: (back, of) => `In ${back} von ${of} Postfächern wiederhergestellt; die anderen waren nicht erreichbar.`,
  footer:
    "Werte sind unkenntlich gemacht. Diese Mail kommt von Postern, dem Dienst Ihrer Organisation gegen den Abfluss von Daten.",
};
