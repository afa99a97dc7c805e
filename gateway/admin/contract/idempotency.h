#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/answer.h"
#include "gateway/ports/sealer.h"
#include "gateway/store/control_tables.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace delta::admin {

/// Returns the place that a kept answer is sealed for: whose request it was, and the hash of its key.
[[nodiscard]] QByteArray answerContext(const QString &scope, const QByteArray &keyHash);

/// Answers a request that is repeated with its Idempotency-Key as it was answered the first time, for a day, so that
/// who lost an answer can ask again and makes nothing twice. The answer is kept in the transaction of the change, and
/// sealed, for it may hold a key that is shown once. Called on the thread that owns the store.
class Idempotency
{
public:
    /// Borrowed; outlives this.
    struct Parts {
        ports::Sealer &sealer;
        const Clock &clock;
    };

    explicit Idempotency(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Returns the answer that was given; nothing if the request has no key, or a new one. Within Store::change().
    /// Errors: InvalidRequest for a malformed key; Conflict if the key came with another request; StoreUnavailable.
    [[nodiscard]] Result<std::optional<Answer>> find(store::ControlTables &tables,
                                                     const AdminCall &call);
    /// Keeps the answer if the request has a key. Within the Store::change() of what it tells of.
    /// Errors: Conflict if the same request is being answered by another gateway; StoreUnavailable.
    [[nodiscard]] Result<void> keep(store::ControlTables &tables, const AdminCall &call,
                                    const Answer &answer);

private:
    Parts m_parts;
};

} // namespace delta::admin
