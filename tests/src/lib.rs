//! Protocol doubles and fixtures for the end-to-end tests.

pub mod secret_service;
