//! Exit codes and what leads to them. Pure.

use std::process::ExitCode;

use frontdesk_call::problem::{Problem, ProblemKind};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0.
    Done,
    /// 1.
    Failed,
    /// 2: wrong usage or bad input, as clap ends for a wrong command line.
    BadInput,
    /// 3: models, key or device are missing.
    SetUpMissing,
    /// 130: stopped by the person, as shells count an interrupt.
    Interrupted,
}

impl Exit {
    /// How the program ends because of this problem.
    pub fn of(problem: &Problem) -> Self {
        match problem.kind {
            ProblemKind::AudioFileInvalid | ProblemKind::CompanyInvalid | ProblemKind::SettingsInvalid => {
                Self::BadInput
            }
            ProblemKind::NoKey
            | ProblemKind::KeychainUnavailable
            | ProblemKind::NoDevice
            | ProblemKind::MicrophoneDenied
            | ProblemKind::ModelsMissing
            | ProblemKind::ModelsDamaged => Self::SetUpMissing,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::BadInput => 2,
            Exit::SetUpMissing => 3,
            Exit::Interrupted => 130,
        })
    }
}

/// A problem with something that was given on the command line.
pub fn bad_input(sentence: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::SettingsInvalid, sentence)
}
