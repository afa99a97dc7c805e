#pragma once

#include "gateway/store/list_question.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/models/spend_entry.h"

#include <QByteArray>
#include <QtTypes>

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace delta::store {

class Database;

/// Which calls are looked for. Absent members do not narrow it.
struct CallFilter {
    ListReach reach;                   ///< Whose calls may be shown.
    std::optional<QByteArray> keyId{}; ///< Empty: calls without a key.
    std::optional<QByteArray> userId{};
    std::optional<QByteArray> teamId{};
    std::optional<QByteArray> organizationId{};
    std::optional<QByteArray> model{};
    std::optional<QByteArray> tag{};
    std::optional<QByteArray> endUser{};
    std::optional<QByteArray> deploymentId{};
    std::optional<QByteArray> provider{};
    std::optional<QByteArray> requestId{}; ///< Ours, or the client's own.
    std::optional<int> status{};
    std::optional<Outcome> outcome{};
    std::optional<Money> leastSpend{}; ///< Calls that cost this or more.
    std::optional<WallTime> from{};    ///< Calls that began at this time or later.
    std::optional<WallTime> until{};   ///< Calls that began before this time.
};

/// Where a page of calls begins: behind this one.
struct CallPlace {
    qint64 startedAt = 0; ///< Milliseconds since 1970 UTC.
    qint64 id = 0;
};

/// A call as it is stored.
struct LoggedCall {
    qint64 id = 0;
    SpendEntry entry;
    bool hasContent = false; ///< Whether it is kept what it asked and was answered.
};

/// Some calls, those that began last first.
struct CallPage {
    std::vector<LoggedCall> calls;
    /// Absent: there are no more. A page may be short, or empty, and have a next one all the same: of calls that no index
    /// finds a page looks at so many and no more.
    std::optional<CallPlace> next;
};

/// How far the journals of all gateways are applied: by the id of a journal, the first offset that is not.
using JournalOffsets = std::map<qint64, std::uint64_t>;

/// Calls of all gateways in the order in which each of them stored its own.
struct CallTail {
    std::vector<LoggedCall> calls;
    JournalOffsets offsets; ///< What was looked at, whether or not its calls were chosen.
};

/// Reads single calls. Any page takes the time of the rows that it looks at, however many calls there are.
class CallLog
{
public:
    /// `database` must outlive the log.
    explicit CallLog(Database &database)
        : m_database(database)
    {
    }
    CallLog(const CallLog &) = delete;
    CallLog &operator=(const CallLog &) = delete;

    /// Returns at most `limit` calls behind a place, or the newest. Errors: StoreUnavailable.
    [[nodiscard]] Result<CallPage> page(const CallFilter &filter, std::optional<CallPlace> place,
                                        int limit);
    /// Returns calls that were stored behind some offsets, at most `limit` of them. A journal that is not named is read
    /// from its begin. Errors: StoreUnavailable.
    [[nodiscard]] Result<CallTail> behind(const CallFilter &filter, const JournalOffsets &offsets,
                                          int limit);
    /// Returns how far the journals are applied. Errors: StoreUnavailable.
    [[nodiscard]] Result<JournalOffsets> offsets();
    /// Returns the call with that id, if the reach has it. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::optional<LoggedCall>> find(qint64 id, const ListReach &reach);

private:
    struct Choice;
    static void narrow(const CallFilter &filter, Choice &choice);
    [[nodiscard]] Result<std::optional<Choice>> choiceOf(const CallFilter &filter);
    [[nodiscard]] Result<bool> boundDays(Choice &choice);
    [[nodiscard]] Result<bool> addReach(const ListReach &reach, Choice &choice);
    [[nodiscard]] Result<void> readRange(const CallFilter &filter, std::pair<qint64, qint64> ids,
                                         int limit, CallTail &tail);
    [[nodiscard]] Result<CallPage> portion(const Choice &chosen, std::optional<CallPlace> place,
                                           int limit, int scanned);
    [[nodiscard]] Result<std::vector<LoggedCall>> readWalk(const QString &statement,
                                                           const QVariantList &values);
    [[nodiscard]] Result<std::vector<LoggedCall>> read(const QString &statement,
                                                       const QVariantList &values);

    Database &m_database;
};

} // namespace delta::store
