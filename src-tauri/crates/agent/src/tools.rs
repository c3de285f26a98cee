//! The tools that Frontdesk brings along. One file each; all run on the tokio runtime.

mod caller_details;
mod end_call;
mod opening_hours;

pub use caller_details::SaveCallerDetails;
pub use end_call::EndCall;
pub use opening_hours::CheckOpeningHours;
