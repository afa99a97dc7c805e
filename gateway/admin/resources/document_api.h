#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/contract/revision.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/admin/resources/object_past.h"
#include "shared/json/json_codec.h"

#include <QLatin1StringView>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace delta::admin {

/// All there is to say about something of which there is one: DocumentApi does the rest.
template <Described T>
struct DocumentKind {
    QLatin1StringView name; ///< "routing": in the audit log and in what is kept.
    QByteArray path;        ///< "/ui/api/routing"
    QString title;          ///< What people call it.
    /// Checks what a change makes of it, against what else there is. Null: all is well that validate() lets through.
    /// Errors: InvalidRequest naming the field; StoreUnavailable.
    std::function<Result<void>(store::ControlTables &tables, const T &document)> check = {};
    /// Changes it as a request says. Null: each field by itself, see applyPatch(). Errors: InvalidRequest.
    std::function<Result<void>(const QJsonObject &body, T &document)> edit = {};
    /// Returns what is shown of it besides. Null: nothing. Errors: StoreUnavailable.
    std::function<Result<QJsonObject>(const T &document)> workOut = {};
};

/// The routes of a document: show, change, list what it was, and make it that again. It is all defaults, of version 0,
/// until it is changed first. Called on the thread that owns the store.
template <Described T>
class DocumentApi
{
public:
    /// `room` is borrowed, and outlives the routes.
    DocumentApi(const ControlRoom &room, DocumentKind<T> kind)
        : m_room(room)
        , m_kind(std::move(kind))
    {
    }

    [[nodiscard]] std::vector<AdminRoute> routes()
    {
        const auto route = [this](const char *method, const QByteArray &pattern, auto member) {
            return AdminRoute{method, pattern, [this, member](const AdminCall &call) {
                                  return (this->*member)(call);
                              }};
        };
        const QByteArray versions = m_kind.path + "/versions";
        return {route("GET", m_kind.path, &DocumentApi::show),
                route("PATCH", m_kind.path, &DocumentApi::change),
                route("GET", versions, &DocumentApi::versions),
                route("POST", versions + "/{version}/restore", &DocumentApi::restore)};
    }

    [[nodiscard]] Result<Answer> show(const AdminCall &)
    {
        return looking([this](store::ControlTables &tables) -> Result<Answer> {
            TRY(const State state, read(tables));
            return answerWith(state);
        });
    }

    [[nodiscard]] Result<Answer> change(const AdminCall &call)
    {
        return changing(call, "update", [&](store::ControlTables &, T &document) {
            return m_kind.edit ? m_kind.edit(call.body, document) : applyPatch(call.body, document);
        });
    }

    [[nodiscard]] Result<Answer> versions(const AdminCall &call)
    {
        return looking([&](store::ControlTables &tables) {
            return versionsAnswer(tables, call, objectName());
        });
    }

    [[nodiscard]] Result<Answer> restore(const AdminCall &call)
    {
        return changing(
            call, "restore", [&](store::ControlTables &tables, T &document) -> Result<void> {
                TRY(const QJsonObject past, versionOf(tables, objectName(), call.pathText(0)));
                TRY(document, fromJson<T>(past));
                return {};
            });
    }

private:
    struct State {
        T document{};
        std::optional<ObjectVersion> newest; ///< Absent: it never changed.

        [[nodiscard]] qint64 version() const
        {
            return newest ? newest->version : 0;
        }
    };

    [[nodiscard]] ObjectName objectName() const
    {
        return {.kind = m_kind.name, .id = m_kind.name};
    }

    [[nodiscard]] Result<State> read(store::ControlTables &tables)
    {
        State state;
        TRY(state.newest, tables.newestVersion(m_kind.name, m_kind.name));
        if (state.newest) {
            TRY(state.document, fromJson<T>(state.newest->object));
        }
        return state;
    }

    [[nodiscard]] Result<Answer> answerWith(const State &state) const
    {
        QJsonObject json = toJson(state.document);
        if (m_kind.workOut) {
            TRY(const QJsonObject more, m_kind.workOut(state.document));
            for (auto member = more.begin(); member != more.end(); ++member) {
                json.insert(member.key(), member.value());
            }
        }
        const auto of = [&state](auto member) {
            return state.newest ? toJson(*state.newest).value(member) : QJsonValue();
        };
        json.insert(QLatin1StringView("version"), state.version());
        json.insert(QLatin1StringView("updated_at"), of(QLatin1StringView("written_at")));
        json.insert(QLatin1StringView("updated_by"), of(QLatin1StringView("written_by")));
        return withRevision(jsonAnswer(json), state.version());
    }

    template <typename Work>
    [[nodiscard]] Result<Answer> looking(const Work &work)
    {
        Answer answer;
        TRY_VOID(m_room.store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(answer, work(tables));
            return {};
        }));
        return answer;
    }

    /// Changes the document by `edit`, in one transaction, and has it hold at once.
    template <typename Edit>
    [[nodiscard]] Result<Answer> changing(const AdminCall &call, const char *verb, const Edit &edit)
    {
        Answer answer;
        TRY_VOID(m_room.store.change([&](store::ControlTables &tables) -> Result<void> {
            TRY(State state, read(tables));
            TRY_VOID(checkRevision(call.request, state.version()));
            const T before = state.document;
            TRY_VOID(edit(tables, state.document));
            if (state.document != before) {
                TRY_VOID(write(tables, call, verb, before, state));
            }
            TRY(answer, answerWith(state));
            return {};
        }));
        m_room.refresh();
        return answer;
    }

    [[nodiscard]] Result<void> write(store::ControlTables &tables, const AdminCall &call,
                                     const char *verb, const T &before, State &state)
    {
        TRY_VOID(state.document.validate());
        if (m_kind.check) {
            TRY_VOID(m_kind.check(tables, state.document));
        }
        const WallTime now = m_room.clock.wall();
        const QJsonObject json = toJson(state.document);
        const auto kept = keepVersion(tables, call, objectName(), state.version() + 1, json, now);
        if (!kept && kept.error().kind == ErrorKind::InvalidRequest) {
            return failure(ApiError::preconditionFailed(QStringLiteral(
                "Somebody else changed it at this moment. Read it again and decide.")));
        }
        TRY_VOID(kept);
        TRY(state.newest, tables.newestVersion(m_kind.name, m_kind.name));
        return recordChange(tables, call,
                            {.action = m_kind.name + u'.' + QLatin1StringView(verb),
                             .kind = m_kind.name,
                             .id = m_kind.name,
                             .name = m_kind.title,
                             .place = {},
                             .before = toJson(before),
                             .after = json,
                             .reason = {}},
                            now);
    }

    const ControlRoom &m_room;
    const DocumentKind<T> m_kind;
};

} // namespace delta::admin
