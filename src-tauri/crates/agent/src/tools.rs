//! The tools that Frontdesk brings along. One file each; all run on the tokio runtime.

mod caller_details;
mod opening_hours;

pub use caller_details::SaveCallerDetails;
pub use opening_hours::CheckOpeningHours;
