//! Identifiers 标识: one type for each thing, so that they cannot be mixed up.

use std::fmt;

use uuid::Uuid;

macro_rules! identifier {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

identifier! {
    /// A natural person. Never derived from the identity number.
    PersonId,
    /// One fact from one document about one person.
    RecordId,
    /// The judgment, decision or licence that fixes a fact.
    DocumentId,
    /// One step in the life of a record.
    EventId,
    /// One thing that a person is told.
    NoticeId,
    /// One file that an agency sent.
    BatchId,
    /// One objection.
    ObjectionId,
    /// One repair.
    RepairId,
    /// One challenge of a decision.
    ChallengeId,
    /// One question about a look.
    InquiryId,
    /// One case of supervision.
    SupervisionId,
    /// One incident.
    IncidentId,
    /// One impact assessment.
    AssessmentId,
    /// One report on paper.
    ReportId,
    /// One mandate to look.
    MandateId,
    /// One consent.
    ConsentId,
    /// One request to open what is sealed.
    OpeningId,
    /// One note of a death.
    DeathId,
    /// One paper that came with a case.
    PaperId,
    /// One thing that leaves the house.
    DeliveryId,
    /// One address that a person chose.
    ContactId,
    /// One message that corrects what a body received.
    CorrectionId,
    /// One thing that the identity service and the register do not agree on.
    DoubtId,
    /// Someone or something that can sign in.
    AccountId,
    /// One sign-in.
    SessionId,
}
