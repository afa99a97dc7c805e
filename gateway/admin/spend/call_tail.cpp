#include "gateway/admin/spend/call_tail.h"

#include "gateway/admin/contract/live_source.h"
#include "gateway/admin/query_values.h"
#include "gateway/admin/spend/spend_json.h"
#include "gateway/admin/spend/spend_question.h"
#include "gateway/store/journal_row.h"

#include <QByteArrayList>
#include <QJsonDocument>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

constexpr int mostAtOnce = 500;
constexpr int mostTails = 64;

/// How many tails there are. A store queue that many ask each second has no time for others.
std::atomic<int> openTails = 0;

/// Says of each journal how far it was told: "0-1234", of several gateways "1-1234,2-88". The id of an event.
QByteArray textOf(const store::JournalOffsets &offsets)
{
    QByteArrayList parts;
    for (const auto &[journal, offset] : offsets) {
        parts.append(QByteArray::number(journal) + '-' + QByteArray::number(quint64(offset)));
    }
    return parts.join(',');
}

/// Calls as they are stored, of all gateways of the database.
class CallTail final : public LiveSource
{
public:
    CallTail(const ControlRoom &room, store::CallFilter filter, store::JournalOffsets begin)
        : m_room(room)
        , m_filter(std::move(filter))
        , m_offsets(std::move(begin))
    {
        openTails.fetch_add(1);
    }
    ~CallTail() override
    {
        openTails.fetch_sub(1);
    }
    Q_DISABLE_COPY_MOVE(CallTail)

    [[nodiscard]] Result<QByteArray> look(const Caller &caller) override
    {
        m_filter.reach = caller.reach(Permission::SpendRead);
        TRY(store::CallTail tail, m_room.store.callsBehind(m_filter, m_offsets, mostAtOnce));
        QByteArray events = std::exchange(m_isBegun, true) ? QByteArray() : "retry: 2000\n\n"_ba;
        for (const store::LoggedCall &call : tail.calls) {
            events += eventOf(call);
        }
        m_offsets = std::move(tail.offsets);
        return events;
    }

private:
    /// Notes that the call is told.
    QByteArray eventOf(const store::LoggedCall &call)
    {
        m_offsets[call.id >> store::journalShift] = store::offsetOf(call.id) + 1;
        return "id: " + textOf(m_offsets) + "\nevent: call\ndata: "
            + QJsonDocument(callJson(call)).toJson(QJsonDocument::Compact) + "\n\n";
    }

    const ControlRoom &m_room;
    store::CallFilter m_filter;
    store::JournalOffsets m_offsets;
    bool m_isBegun = false;
};

/// A client whose connection broke says how far it was told (WHATWG HTML §9.2.4). What it does not say, or cannot know,
/// begins now.
Result<store::JournalOffsets> beginOf(const ControlRoom &room, const AdminCall &call)
{
    TRY(store::JournalOffsets begin, room.store.journalOffsets());
    const auto last = call.request.header("last-event-id");
    for (const QByteArray &part : last.value_or(QByteArrayView()).toByteArray().split(',')) {
        const QByteArrayList pair = part.trimmed().split('-');
        bool isJournal = false;
        bool isOffset = false;
        const auto found = begin.find(pair.front().toLongLong(&isJournal));
        const std::uint64_t offset = pair.back().toULongLong(&isOffset);
        if (pair.size() == 2 && isJournal && isOffset && found != begin.end()) {
            found->second = std::min(found->second, offset);
        }
    }
    return begin;
}

Result<Answer> listen(const ControlRoom &room, const AdminCall &call)
{
    for (const auto name : {"limit"_L1, "cursor"_L1, "format"_L1, "from"_L1, "until"_L1}) {
        if (call.query.hasQueryItem(name)) {
            return wrongParameter(name, u"has no meaning for calls that are still to come"_s);
        }
    }
    TRY(CallQuestion question, readCallQuestion(call.query));
    if (openTails >= mostTails) {
        return failure(ApiError::overloaded(
            u"%1 consoles listen to calls already. Close one, or read the list."_s.arg(mostTails),
            std::chrono::seconds(30)));
    }
    TRY(store::JournalOffsets begin, beginOf(room, call));
    return liveAnswer(
        std::make_shared<CallTail>(room, std::move(question.filter), std::move(begin)));
}

} // namespace

AdminRoute callTailRoute(const ControlRoom &room)
{
    return {"GET", "/ui/api/spend/logs/live",
            [&room](const AdminCall &call) { return listen(room, call); }};
}

} // namespace delta::admin
