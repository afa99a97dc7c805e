#pragma once

#include "gateway/admin/contract/idempotency.h"
#include "gateway/content/stored_content.h"
#include "gateway/identity/second_factor.h"
#include "gateway/routing/endpoint_maker.h"
#include "gateway/secrets/envelope.h"
#include "gateway/store/control_tables.h"
#include "gateway/store/login_tables.h"
#include "gateway/store/store.h"
#include "tests/gateway/secrets/sealing_fakes.h"
#include "tests/gateway/store/store_place.h"

#include <utility>

namespace delta::test {

/// A store with something sealed of each kind.
struct SealingRig {
    SystemClock clock;
    SystemRandom random;
    StorePlace place;
    store::Store store{place.address(), clock};

    SealingRig()
    {
        store.useAuditMac([](QByteArrayView) { return QByteArray(32, 'm'); });
    }

    /// Returns what seals with the keys of the lines. The database takes nothing from it before it is told of the
    /// newest.
    [[nodiscard]] std::unique_ptr<secrets::Envelope> envelopeOf(const QByteArray &lines)
    {
        return std::make_unique<secrets::Envelope>(secrets::test::ringOf(lines), random);
    }

    static Credential credentialOf(int number)
    {
        Credential credential;
        credential.id = QStringLiteral("cred-%1").arg(number, 3, 10, QLatin1Char('0'));
        credential.name = credential.id;
        credential.provider = QStringLiteral("openai");
        credential.origin = QStringLiteral("https://api%1.example.com").arg(number);
        return credential;
    }

    [[nodiscard]] Result<void> addCredential(secrets::Envelope &envelope, int number)
    {
        const Credential credential = credentialOf(number);
        TRY(const QByteArray sealed,
            envelope.seal(Secret("key-of-" + credential.id.toLatin1()),
                          routing::sealContext(credential)));
        return store.change([&](store::ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.credentials.insert(credential));
            return tables.models.putSecret(credential.id, sealed);
        });
    }
    /// Returns a provider's key as a gateway with these keys reads it.
    [[nodiscard]] Result<Secret> keyOf(secrets::Envelope &envelope, int number)
    {
        const Credential credential = credentialOf(number);
        std::optional<QByteArray> sealed;
        TRY_VOID(store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(sealed, tables.models.secretOf(credential.id));
            return {};
        }));
        return envelope.open(sealed.value_or(QByteArray()), routing::sealContext(credential));
    }

    [[nodiscard]] Result<void> addPendingSeed(secrets::Envelope &envelope, const QString &user)
    {
        TRY(const QByteArray sealed, envelope.seal(Secret("seed"), identity::seedContext(user)));
        TRY(store::LoginTables *const tables, store.logins());
        TRY_VOID(tables->logins.putPassword({.userId = user, .hash = "hash", .at = clock.wall()}));
        return tables->logins.setPendingSeed(user, sealed).transform([](bool) { });
    }
    [[nodiscard]] Result<void> addSeed(secrets::Envelope &envelope, const QString &user)
    {
        TRY_VOID(addPendingSeed(envelope, user));
        TRY(store::LoginTables *const tables, store.logins());
        TRY(const auto login, tables->logins.find(user));
        return tables->logins.enableMfa({user, login->mfaPendingSeed, clock.wall(), 1})
            .transform([](bool) { });
    }
    [[nodiscard]] Result<void> addAnswer(secrets::Envelope &envelope, const QString &scope,
                                         const QByteArray &hash)
    {
        TRY(const QByteArray sealed,
            envelope.seal(Secret("answer"), admin::answerContext(scope, hash)));
        return store.change([&](store::ControlTables &tables) {
            return tables.idempotency.keep(scope, hash, {"request", sealed}, clock.wall());
        });
    }

    [[nodiscard]] Result<void> addContent(secrets::Envelope &envelope, qint64 callId)
    {
        TRY(const QByteArray sealed,
            envelope.seal(Secret("content"), content::contentContext(callId)));
        return store.keepContents({{callId, clock.wall(), {}, sealed}});
    }
    /// Returns what is kept of a call as a gateway with these keys reads it.
    [[nodiscard]] Result<Secret> contentOf(secrets::Envelope &envelope, qint64 callId)
    {
        std::optional<QByteArray> sealed;
        TRY_VOID(store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(sealed, tables.contents.find(callId));
            return {};
        }));
        return envelope.open(sealed.value_or(QByteArray()), content::contentContext(callId));
    }

    [[nodiscard]] std::vector<store::SealedCount> counts()
    {
        std::vector<store::SealedCount> counts;
        std::ignore = store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(counts, tables.sealed.counts());
            return {};
        });
        return counts;
    }
    /// Returns how much is sealed with a key, of all kinds.
    [[nodiscard]] qint64 sealedWith(const QString &kekId)
    {
        qint64 sum = 0;
        for (const store::SealedCount &count : counts()) {
            sum += count.kekId == kekId ? count.values : 0;
        }
        return sum;
    }
};

} // namespace delta::test
