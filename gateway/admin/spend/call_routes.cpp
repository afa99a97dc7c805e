#include "gateway/admin/spend/call_routes.h"

#include "gateway/admin/contract/answer_stream.h"
#include "gateway/admin/contract/csv_text.h"
#include "gateway/admin/spend/call_tail.h"
#include "gateway/admin/spend/spend_json.h"
#include "gateway/admin/spend/spend_question.h"

#include <QJsonDocument>

#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// As many calls as a piece has, and the first, so that it comes soon.
constexpr int pieceCalls = 200;
constexpr int firstCalls = 50;

/// All calls of a question, as a file.
class CallStream final : public AnswerStream
{
public:
    CallStream(const ControlRoom &room, CallQuestion question)
        : m_room(room)
        , m_question(std::move(question))
    {
    }

    [[nodiscard]] Result<QByteArray> next() override
    {
        const bool isCsv = m_question.format == ListFormat::Csv;
        const bool isFirst = !std::exchange(m_isBegun, true);
        const int limit = isFirst ? firstCalls : pieceCalls;
        QByteArray piece = isFirst && isCsv ? csvHead(m_columns) : QByteArray();
        // A page may be empty and not the last.
        while (piece.isEmpty() && !m_isOver) {
            TRY(const store::CallPage page,
                m_room.store.calls(m_question.filter, m_question.place, limit));
            for (const store::LoggedCall &call : page.calls) {
                const QJsonObject json = callJson(call);
                piece += isCsv ? csvLine(json, m_columns)
                               : QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
            }
            m_question.place = page.next;
            m_isOver = !page.next;
        }
        return piece;
    }

private:
    const ControlRoom &m_room;
    CallQuestion m_question;
    const QStringList m_columns = callColumns();
    bool m_isBegun = false;
    bool m_isOver = false;
};

Result<Answer> list(const ControlRoom &room, const AdminCall &call)
{
    TRY(CallQuestion question, readCallQuestion(call.query));
    question.filter.reach = call.caller.reach(Permission::SpendRead);
    if (question.format != ListFormat::Page) {
        const bool isCsv = question.format == ListFormat::Csv;
        return fileAnswer(isCsv ? "text/csv; charset=utf-8"_ba : "application/x-ndjson"_ba,
                          isCsv ? u"calls.csv"_s : u"calls.jsonl"_s,
                          std::make_shared<CallStream>(room, std::move(question)));
    }
    TRY(const store::CallPage page,
        room.store.calls(question.filter, question.place, question.limit));
    QJsonArray items;
    for (const store::LoggedCall &each : page.calls) {
        items.append(callJson(each));
    }
    return jsonAnswer(
        QJsonObject{{"items"_L1, items},
                    {"next"_L1, page.next ? QJsonValue(callCursor(*page.next)) : QJsonValue()}});
}

Result<Answer> show(const ControlRoom &room, const AdminCall &call)
{
    TRY(const store::LoggedCall found, findCall(room, call, Permission::SpendRead));
    return jsonAnswer(callJson(found));
}

} // namespace

Result<store::LoggedCall> findCall(const ControlRoom &room, const AdminCall &call,
                                   Permission permission)
{
    bool isNumber = false;
    const qint64 id = call.pathText(0).toLongLong(&isNumber);
    std::optional<store::LoggedCall> found;
    if (isNumber) {
        TRY(found, room.store.call(id, call.caller.reach(permission)));
    }
    if (!found) {
        return failure(ApiError::notFound(u"There is no such call, or you may not see it."_s,
                                          u"call_id"_s, u"call_not_found"_s));
    }
    return *std::move(found);
}

std::vector<AdminRoute> callRoutes(const ControlRoom &room)
{
    return {
        callTailRoute(room),
        {"GET", "/ui/api/spend/logs", [&room](const AdminCall &call) { return list(room, call); }},
        {"GET", "/ui/api/spend/logs/{call_id}",
         [&room](const AdminCall &call) { return show(room, call); }}};
}

} // namespace delta::admin
