import type { Wording } from "../wording.ts";

export const DUTCH: Wording = {
  language: "nl",
  subject: {
    warning: "Waarschuwing over een bericht met gevoelige gegevens",
    quarantine: "Een bericht is in quarantaine geplaatst",
    block: "Een bericht is geblokkeerd",
    error: "Een bericht kon niet worden gecontroleerd",
    release: "Een bericht is vrijgegeven uit quarantaine",
    delete: "Een bericht in quarantaine is verwijderd",
    expire: "Een bericht in quarantaine is verlopen",
    guard: "Een regel is gepauzeerd",
    digest: "Samenvatting van het afgelopen uur",
  },
  opening: {
    warning: {
      originator: "U hebt een bericht verzonden waarvoor de regels van uw organisatie waarschuwen.",
      managers: "Er is een bericht verzonden waarvoor de regels van uw organisatie waarschuwen.",
    },
    quarantine: {
      originator:
        "Een bericht dat u hebt verzonden, is in quarantaine geplaatst. Een beheerder van de gegevensbescherming beslist erover.",
      managers: "Een bericht is in quarantaine geplaatst en wacht op uw beslissing.",
    },
    block: {
      originator: "Een bericht dat u hebt verzonden, is in strijd met een regel van uw organisatie en is geblokkeerd.",
      managers: "Een bericht was in strijd met een regel van uw organisatie en is geblokkeerd.",
    },
    error: {
      originator: "Een bericht dat u hebt verzonden, kon niet op gevoelige gegevens worden gecontroleerd.",
      managers: "Een bericht kon niet op gevoelige gegevens worden gecontroleerd.",
    },
    release: {
      originator: "Een bericht dat u hebt verzonden, is vrijgegeven uit quarantaine.",
      managers: "Een bericht is vrijgegeven uit quarantaine.",
    },
    delete: {
      originator: "Een bericht dat u hebt verzonden, is uit quarantaine verwijderd.",
      managers: "Een bericht in quarantaine is verwijderd.",
    },
    expire: {
      originator: "Niemand heeft op tijd over een bericht van u in quarantaine beslist; het is verwijderd.",
      managers: "Niemand heeft op tijd over een bericht in quarantaine beslist; het is verwijderd.",
    },
  },
  guard:
    "Een regel is in een uur op meer berichten toegepast dan is toegestaan. De regel is gepauzeerd en legt alleen vast wat er zou gebeuren.",
  digest: "Er zijn u in een uur zo veel berichten gemeld dat de rest in deze ene mail staat.",
  labels: {
    message: "Bericht",
    sender: "Afzender",
    recipients: "Ontvangers",
    rules: "Regels",
    found: "Gevonden",
    unread: "Niet gelezen",
    outcome: "Kopieën",
    incident: "Incident",
    paused: "Gepauzeerde regel",
    more: "En nog",
    review: "Bekijken in Postern (aanmelden nodig)",
    decide: "Beslissen over het vastgehouden bericht (aanmelden nodig)",
  },
  copies: (taken, of, outside) =>
    outside === 0
      ? `Teruggehaald bij ${taken} van ${of} ontvangers.`
      : `Teruggehaald bij ${taken} van ${of} ontvangers; ${outside} buiten de organisatie ${outside === 1 ? "houdt" : "houden"} het bericht.`,
  restored: (back, of) => `Teruggezet in ${back} van ${of} postbussen; de andere waren niet bereikbaar.`,
  footer:
    "Waarden zijn gemaskeerd. Deze mail is verzonden door Postern, de dienst van uw organisatie tegen het lekken van gegevens.",
};
