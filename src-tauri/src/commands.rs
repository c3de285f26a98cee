//! The commands of the window, by what they are about. Each hands its work to `frontdesk_app` and rejects with a `Problem`.

pub mod call;
pub mod desk;
pub mod history;
pub mod models;
pub mod overview;
pub mod settings;
pub mod sound;
pub mod wire;
