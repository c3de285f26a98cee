//! Keys through the public face, in the mock store of `keyring-core`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use frontdesk_call::{ProblemAction, ProblemKind};
use keyring_core::api::CredentialStoreApi;
use keyring_core::mock;
use secrecy::ExposeSecret;

use super::*;

fn origin(url: &str) -> ProviderOrigin {
    ProviderOrigin::parse(url).unwrap()
}

fn key(text: &str) -> ProviderKey {
    ProviderKey::parse(text).unwrap()
}

fn in_mock() -> (Secrets, Arc<mock::Store>) {
    let store = mock::Store::new().unwrap();
    let given: Arc<KeychainStore> = store.clone();
    (Secrets::in_store(move || Ok(Arc::clone(&given))).unwrap(), store)
}

/// Makes the next request for `origin` fail.
fn fail_next(store: &mock::Store, origin: &ProviderOrigin, error: keyring_core::Error) {
    let entry = store.build(KEYCHAIN_SERVICE, &origin.to_string(), None).unwrap();
    entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
}

fn fault() -> Box<dyn std::error::Error + Send + Sync> {
    Box::new(std::io::Error::other("gone"))
}

async fn read(secrets: &Secrets, origin: &ProviderOrigin) -> Option<String> {
    secrets
        .read(origin)
        .await
        .unwrap()
        .map(|secret| secret.expose_secret().to_owned())
}

#[tokio::test]
async fn a_key_is_set_read_replaced_and_deleted() {
    let (secrets, _store) = in_mock();
    let openai = origin("https://api.openai.com/v1");
    assert_eq!(secrets.status(&openai).await, KeyStatus::NotSet);
    assert_eq!(read(&secrets, &openai).await, None);
    secrets.set(&openai, key("sk-one")).await.unwrap();
    assert_eq!(secrets.status(&openai).await, KeyStatus::Set);
    secrets.set(&openai, key("sk-two")).await.unwrap();
    assert_eq!(read(&secrets, &openai).await.as_deref(), Some("sk-two"));
    assert_eq!(secrets.delete(&openai).await, Ok(true));
    assert_eq!(secrets.delete(&openai).await, Ok(false));
    assert_eq!(secrets.status(&openai).await, KeyStatus::NotSet);
}

#[tokio::test]
async fn a_key_is_given_to_no_other_origin() {
    let (secrets, _store) = in_mock();
    secrets
        .set(&origin("https://api.openai.com"), key("sk-one"))
        .await
        .unwrap();
    for other in [
        "https://api.openai.com:8443",
        "https://openai.com",
        "http://localhost:443",
    ] {
        assert_eq!(read(&secrets, &origin(other)).await, None, "{other}");
    }
    assert_eq!(
        read(&secrets, &origin("wss://api.openai.com/v1/realtime"))
            .await
            .as_deref(),
        Some("sk-one")
    );
}

#[tokio::test]
async fn no_key_is_kept_or_given_for_an_unencrypted_address() {
    let (secrets, _store) = in_mock();
    let plain = origin("ws://lan.example/v1");
    assert_eq!(
        secrets.set(&plain, key("sk-one")).await,
        Err(SecretsError::Unencrypted(plain.clone()))
    );
    assert_eq!(
        secrets.keep_for_this_run(&plain, key("sk-one")),
        Err(SecretsError::Unencrypted(plain.clone()))
    );
    let refused = secrets.read(&plain).await.unwrap_err().problem();
    assert_eq!(
        (refused.kind, refused.action),
        (ProblemKind::SettingsInvalid, Some(ProblemAction::OpenSettings))
    );
}

#[tokio::test]
async fn without_a_keychain_the_key_can_stay_in_memory_and_trying_again_is_asking_again() {
    let store: Arc<KeychainStore> = mock::Store::new().unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let secrets = Secrets::in_store(move || match count.fetch_add(1, Ordering::SeqCst) {
        0..=2 => Err(keyring_core::Error::PlatformFailure(fault())),
        _ => Ok(Arc::clone(&store)),
    })
    .unwrap();
    let openai = origin("https://api.openai.com");
    assert_eq!(secrets.status(&openai).await, KeyStatus::Unavailable);
    let refused = secrets.set(&openai, key("sk-one")).await.unwrap_err();
    assert_eq!(refused, SecretsError::Unavailable(KeychainFault::Missing));
    let problem = refused.problem();
    assert_eq!(
        (problem.kind, problem.action),
        (ProblemKind::KeychainUnavailable, Some(ProblemAction::KeepKeyInMemory))
    );

    secrets.keep_for_this_run(&openai, key("sk-one")).unwrap();
    assert_eq!(secrets.status(&openai).await, KeyStatus::SetForThisRun);
    assert_eq!(read(&secrets, &openai).await.as_deref(), Some("sk-one"));
    assert!(
        secrets.delete(&openai).await.is_err(),
        "the keychain may still hold one"
    );

    secrets.set(&openai, key("sk-two")).await.unwrap();
    assert_eq!(secrets.status(&openai).await, KeyStatus::Set);
}

#[tokio::test]
async fn a_key_in_the_keychain_takes_the_place_of_the_one_in_memory() {
    let (secrets, _store) = in_mock();
    let openai = origin("https://api.openai.com");
    secrets.keep_for_this_run(&openai, key("sk-memory")).unwrap();
    secrets.set(&openai, key("sk-keychain")).await.unwrap();
    assert_eq!(read(&secrets, &openai).await.as_deref(), Some("sk-keychain"));
}

#[tokio::test]
async fn a_connection_that_died_is_replaced_without_anybody_noticing() {
    let (secrets, store) = in_mock();
    let openai = origin("https://api.openai.com");
    secrets.set(&openai, key("sk-one")).await.unwrap();
    fail_next(&store, &openai, keyring_core::Error::PlatformFailure(fault()));
    assert_eq!(read(&secrets, &openai).await.as_deref(), Some("sk-one"));
}

#[tokio::test]
async fn a_locked_keychain_says_so_and_offers_to_try_again() {
    let (secrets, store) = in_mock();
    let openai = origin("https://api.openai.com");
    fail_next(&store, &openai, keyring_core::Error::NoStorageAccess(fault()));
    assert_eq!(secrets.status(&openai).await, KeyStatus::Unavailable);
    fail_next(&store, &openai, keyring_core::Error::NoStorageAccess(fault()));
    let problem = secrets.set(&openai, key("sk-one")).await.unwrap_err().problem();
    assert_eq!(
        (problem.kind, problem.action),
        (ProblemKind::KeychainUnavailable, Some(ProblemAction::TryAgain))
    );
    assert!(problem.sentence.contains("locked"), "{problem}");
    assert!(!format!("{problem:?}").contains("sk-one"));
}

#[tokio::test]
async fn what_another_program_wrote_is_checked_before_it_is_sent() {
    let (secrets, store) = in_mock();
    let openai = origin("https://api.openai.com");
    let entry = store.build(KEYCHAIN_SERVICE, &openai.to_string(), None).unwrap();
    entry.set_password("sk-one\r\nHost: evil").unwrap();
    assert_eq!(
        secrets.read(&openai).await.unwrap_err(),
        SecretsError::KeyRefused(KeyRefusal::Blank)
    );
}

#[tokio::test]
async fn a_keychain_that_hangs_holds_up_no_key_in_memory() {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let secrets = Secrets::in_store(move || {
        // As a keychain that waits for its password: nothing comes until the test lets go.
        let _ = held.recv();
        Err(keyring_core::Error::PlatformFailure(fault()))
    })
    .unwrap();
    let openai = origin("https://api.openai.com");
    let asking = tokio::spawn({
        let (secrets, openai) = (secrets.clone(), openai.clone());
        async move { secrets.status(&openai).await }
    });
    secrets.keep_for_this_run(&openai, key("sk-memory")).unwrap();
    assert_eq!(secrets.status(&openai).await, KeyStatus::SetForThisRun);
    assert_eq!(read(&secrets, &openai).await.as_deref(), Some("sk-memory"));
    drop(release);
    assert_eq!(
        asking.await.unwrap(),
        KeyStatus::SetForThisRun,
        "the late answer knows of it"
    );
}

#[test]
fn a_keychain_that_does_not_answer_offers_to_keep_the_key() {
    let problem = SecretsError::Unavailable(KeychainFault::NotAnswering).problem();
    assert_eq!(problem.action, Some(ProblemAction::KeepKeyInMemory));
}
