#include "gateway/app/rewrapping.h"

#include "gateway/admin/contract/idempotency.h"
#include "gateway/content/stored_content.h"
#include "gateway/identity/second_factor.h"
#include "gateway/routing/endpoint_maker.h"
#include "gateway/store/control_tables.h"

#include <utility>
#include <vector>

namespace delta::app {

using namespace Qt::StringLiterals;
using store::SealedKind;
using store::SealedValue;

namespace {

/// Few enough that nobody who writes to the database waits for long.
constexpr int batchSize = 50;

/// Returns what a value was sealed for.
QByteArray contextOf(SealedKind kind, const SealedValue &value)
{
    switch (kind) {
    case SealedKind::CredentialKey: {
        Credential credential;
        credential.id = value.id;
        credential.origin = QString::fromUtf8(value.rest);
        return routing::sealContext(credential);
    }
    case SealedKind::Seed:
    case SealedKind::PendingSeed:
        return identity::seedContext(value.id);
    case SealedKind::Answer:
        return admin::answerContext(value.id, value.rest);
    case SealedKind::CallContent:
        return content::contentContext(value.id.toLongLong());
    }
    Q_UNREACHABLE_RETURN({});
}

/// What became of values.
struct Pass {
    qint64 moved = 0;
    qint64 missed = 0; ///< Others changed them meanwhile.
    QStringList faults;
};

/// One transaction's worth of values.
struct Batch : Pass {
    std::vector<SealedValue> values;
};

/// Moves values of one kind, a batch after the other.
class Mover
{
public:
    Mover(store::Store &store, secrets::Envelope &envelope, const Clock &clock, SealedKind kind)
        : m_store(store)
        , m_envelope(envelope)
        , m_clock(clock)
        , m_kind(kind)
        , m_kekId(QString::fromLatin1(envelope.ring()->newest().id))
    {
    }

    /// Goes through all values once.
    Result<Pass> pass()
    {
        Pass sum;
        for (SealedValue last;;) {
            TRY(const Batch batch, next(last));
            sum.moved += batch.moved;
            sum.missed += batch.missed;
            sum.faults += batch.faults;
            if (batch.values.size() < batchSize) {
                return sum;
            }
            last = batch.values.back();
        }
    }

private:
    Result<Batch> next(const SealedValue &last)
    {
        Batch batch;
        TRY_VOID(m_store.change([&](store::ControlTables &tables) -> Result<void> {
            TRY(batch.values, tables.sealed.notSealedWith(m_kekId, m_kind, last, batchSize));
            for (const SealedValue &value : batch.values) {
                TRY_VOID(move(tables, value, batch));
            }
            return batch.moved > 0 ? record(tables, batch.moved) : Result<void>();
        }));
        return batch;
    }

    Result<void> move(store::ControlTables &tables, const SealedValue &value, Batch &batch)
    {
        const auto sealed = m_envelope.rewrap(value.sealed, contextOf(m_kind, value));
        if (!sealed) {
            batch.faults.append(u"%1 (%2)"_s.arg(sealed.error().message, sealed.error().detail));
            return {};
        }
        TRY(const bool isMoved, tables.sealed.replace(m_kind, value, *sealed));
        (isMoved ? batch.moved : batch.missed) += 1;
        return {};
    }

    Result<void> record(store::ControlTables &tables, qint64 moved)
    {
        AuditEvent event;
        event.at = m_clock.wall();
        event.action = u"sealing_key.rewrap"_s;
        event.targetKind = u"sealing_key"_s;
        event.targetId = m_kekId;
        event.after = {{u"values"_s, moved}};
        return tables.audit.append(std::move(event)).transform([](const AuditEvent &) { });
    }

    store::Store &m_store;
    secrets::Envelope &m_envelope;
    const Clock &m_clock;
    const SealedKind m_kind;
    const QString m_kekId;
};

} // namespace

Result<Rewrapped> rewrapAll(store::Store &store, secrets::Envelope &envelope, const Clock &clock)
{
    Rewrapped sum;
    for (const SealedKind kind : store::sealedKinds) {
        Mover mover(store, envelope, clock, kind);
        Pass pass;
        do {
            TRY(pass, mover.pass());
            sum.moved += pass.moved;
        } while (pass.missed > 0);
        sum.faults += pass.faults;
    }
    return sum;
}

} // namespace delta::app
