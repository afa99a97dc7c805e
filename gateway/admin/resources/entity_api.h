#pragma once

#include "gateway/admin/api_job.h"
#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/contract/list_download.h"
#include "gateway/admin/contract/list_query.h"
#include "gateway/admin/contract/revision.h"
#include "gateway/admin/resources/block_reason.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/admin/resources/entity_kind.h"
#include "gateway/admin/resources/entity_view.h"
#include "gateway/admin/resources/object_past.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>

#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace delta::admin {

/// An object and what limits it, as the admin API shows and takes it.
template <Described T>
struct Governed {
    T object;
    Governance governance;

    static constexpr auto fields()
    {
        return std::tuple{inlined(&Governed::object), inlined(&Governed::governance)};
    }
};

/// The routes of one kind of object: list, make, show, change, remove, block and unblock, and what it was. Called on the thread that
/// owns the store. See EntityKind.
template <Described T>
class EntityApi
{
public:
    /// Both are borrowed, and outlive the routes.
    EntityApi(const ControlRoom &room, const EntityKind<T> &kind)
        : m_room(room)
        , m_kind(kind)
        , m_view(kind)
    {
    }

    [[nodiscard]] std::vector<AdminRoute> routes()
    {
        const QByteArray one = m_kind.path + "/{" + m_kind.name.toString().toLatin1() + "_id}";
        const auto route = [this](const char *method, const QByteArray &pattern, auto member) {
            return AdminRoute{method, pattern, [this, member](const AdminCall &call) {
                                  return (this->*member)(call);
                              }};
        };
        std::vector<AdminRoute> all{
            route("GET", m_kind.path, &EntityApi::list),
            route("POST", m_kind.path, &EntityApi::create), route("GET", one, &EntityApi::show),
            route("PATCH", one, &EntityApi::change), route("DELETE", one, &EntityApi::remove)};
        if (m_kind.block) {
            all.push_back(route("POST", one + "/block", &EntityApi::block));
            all.push_back(route("POST", one + "/unblock", &EntityApi::unblock));
        }
        if (m_kind.isVersioned) {
            const QByteArray versions = one + "/versions";
            all.push_back(route("GET", versions, &EntityApi::versions));
            all.push_back(route("POST", versions + "/{version}/restore", &EntityApi::restore));
        }
        return all;
    }

    [[nodiscard]] Result<Answer> list(const AdminCall &call)
    {
        TRY(const ListFormat format, readListFormat(call.query));
        Answer answer;
        TRY_VOID(m_room.store.look([&](store::ControlTables &tables) -> Result<void> {
            auto &table = tables.*m_kind.table;
            TRY(store::ListQuestion question,
                readListQuery(call.query, table.shape(), Downloads::Offered));
            question.reach = call.caller.reach(m_kind.read);
            question.skip = call.skip;
            if (format != ListFormat::Page) {
                answer = download(format, std::move(question));
                return {};
            }
            TRY(const store::ListPage<T> found, table.list(question));
            TRY(const std::vector<QJsonObject> described, m_view.describe(tables, found.items));
            QJsonArray items;
            for (const QJsonObject &item : described) {
                items.append(item);
            }
            answer = jsonAnswer(pageJson(found, question, items));
            return {};
        }));
        return answer;
    }

    [[nodiscard]] Result<Answer> create(const AdminCall &call)
    {
        Governed<T> wish;
        QJsonObject body = withoutNulls(call.body);
        TRY(const Secret secret, takeSecret(body));
        TRY_VOID(applyPatch(body, wish));
        return changing([&](store::ControlTables &tables) -> Result<Answer> {
            TRY(std::optional<Answer> earlier, m_room.idempotency.find(tables, call));
            if (earlier) {
                return *std::move(earlier);
            }
            TRY(const QJsonObject shownOnce, insert(tables, call, wish, secret));
            TRY(const QJsonObject json, describe(tables, wish.object));
            QJsonObject shown = json;
            EntityView<T>::join(shown, shownOnce);
            const QString id = wish.object.*m_kind.id;
            const QString path = QString::fromLatin1(m_kind.path) + u'/' + id;
            const Answer answer = withRevision(createdAnswer(shown, path),
                                               (wish.object.*m_kind.stamp).revision);
            TRY_VOID(m_room.idempotency.keep(tables, call, answer));
            TRY_VOID(keep(tables, call, wish.object));
            TRY_VOID(record(tables, call, "create", wish.object, {}, json));
            return answer;
        });
    }

    [[nodiscard]] Result<Answer> show(const AdminCall &call)
    {
        Answer answer;
        TRY_VOID(m_room.store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(const T object, find(tables, call));
            TRY(const QJsonObject json, describe(tables, object));
            answer = withRevision(jsonAnswer(json), (object.*m_kind.stamp).revision);
            return {};
        }));
        return answer;
    }

    [[nodiscard]] Result<Answer> change(const AdminCall &call)
    {
        QJsonObject body = call.body;
        TRY(const Secret secret, takeSecret(body));
        return changing([&](store::ControlTables &tables) -> Result<Answer> {
            TRY(const T before, find(tables, call));
            TRY_VOID(checkRevision(call.request, (before.*m_kind.stamp).revision));
            TRY(const QJsonObject jsonBefore, describe(tables, before));
            Governed<T> wish{before, {}};
            TRY(wish.governance, m_view.governanceOf(tables, before));
            const Governance governanceBefore = wish.governance;
            TRY_VOID(applyPatch(body, wish));
            TRY_VOID(complete(tables, secret, wish.object, &before));
            if (wish.object == before && wish.governance == governanceBefore) {
                return withRevision(jsonAnswer(jsonBefore), (before.*m_kind.stamp).revision);
            }
            TRY_VOID(update(tables, call, wish, before));
            return changed(tables, call, "update", wish.object, jsonBefore);
        });
    }

    [[nodiscard]] Result<Answer> versions(const AdminCall &call)
    {
        Answer answer;
        TRY_VOID(m_room.store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(const T object, find(tables, call));
            TRY(answer, versionsAnswer(tables, call, nameOf(object)));
            return {};
        }));
        return answer;
    }

    /// Makes an object again what it was: a change like any other, with a version of its own.
    [[nodiscard]] Result<Answer> restore(const AdminCall &call)
    {
        return changing([&](store::ControlTables &tables) -> Result<Answer> {
            TRY(const T before, find(tables, call));
            TRY_VOID(checkRevision(call.request, (before.*m_kind.stamp).revision));
            TRY(const QJsonObject past, versionOf(tables, nameOf(before), call.pathText(1)));
            TRY(const QJsonObject jsonBefore, describe(tables, before));
            Governed<T> wish{before, {}};
            TRY(wish.governance, m_view.governanceOf(tables, before));
            TRY(wish.object, fromJson<T>(past));
            wish.object.*m_kind.stamp = before.*m_kind.stamp;
            TRY_VOID(update(tables, call, wish, before));
            return changed(tables, call, "restore", wish.object, jsonBefore);
        });
    }

    [[nodiscard]] Result<Answer> remove(const AdminCall &call)
    {
        return changing([&](store::ControlTables &tables) -> Result<Answer> {
            TRY(const T object, find(tables, call));
            TRY_VOID(checkRevision(call.request, (object.*m_kind.stamp).revision));
            TRY(const QJsonObject json, describe(tables, object));
            if (m_kind.stop) {
                TRY_VOID(m_kind.stop(tables, call, object));
            }
            TRY_VOID(m_kind.leave(tables, object));
            if (m_kind.scope) {
                TRY_VOID(removeGovernance(tables, *m_kind.scope, object.*m_kind.id));
            }
            TRY_VOID((tables.*m_kind.table).remove({object.*m_kind.id}));
            if (m_kind.isVersioned) {
                TRY_VOID(tables.forgetVersions(m_kind.name, object.*m_kind.id));
            }
            TRY_VOID(record(tables, call, "delete", object, json, {}));
            return emptyAnswer();
        });
    }

    [[nodiscard]] Result<Answer> block(const AdminCall &call)
    {
        TRY(const QString reason, readBlockReason(call.body));
        return setBlock(call, {.isBlocked = true, .reason = reason});
    }

    [[nodiscard]] Result<Answer> unblock(const AdminCall &call)
    {
        return setBlock(call, {});
    }

    /// Describes an object as its routes do. Errors: StoreUnavailable.
    [[nodiscard]] Result<QJsonObject> describe(store::ControlTables &tables, const T &object)
    {
        TRY(std::vector<QJsonObject> described, m_view.describe(tables, {&object, 1}));
        return std::move(described.front());
    }
    /// Returns the object that the path names. Errors: NotFound; StoreUnavailable.
    [[nodiscard]] Result<T> find(store::ControlTables &tables, const AdminCall &call)
    {
        TRY(std::optional<T> found, (tables.*m_kind.table).find({call.pathText(0)}));
        if (!found) {
            return failure(ApiError::notFound(QStringLiteral("There is no such %1.")
                                                  .arg(QString(m_kind.name).replace(u'_', u' ')),
                                              idField(),
                                              m_kind.name + QStringLiteral("_not_found")));
        }
        return *std::move(found);
    }
    /// Writes a changed object as its next revision. Errors: PreconditionFailed, Conflict; StoreUnavailable.
    [[nodiscard]] Result<void> write(store::ControlTables &tables, T &object)
    {
        EntityStamp &stamp = object.*m_kind.stamp;
        stamp.updatedAt = m_room.clock.wall();
        ++stamp.revision;
        const auto written = (tables.*m_kind.table).update(object);
        if (written && !*written) {
            return failure(ApiError::preconditionFailed(QStringLiteral(
                "Somebody else changed it at this moment. Read it again and decide.")));
        }
        return asConflict(written.transform([](bool) { }));
    }
    /// Blocks an object or ends that, as its next revision, and notes it in the audit log; does nothing if it is so
    /// already. Errors: those of EntityKind::stop; PreconditionFailed; StoreUnavailable.
    [[nodiscard]] Result<void> put(store::ControlTables &tables, const AdminCall &call, T &object,
                                   const Block &wanted)
    {
        Block &block = object.*m_kind.block;
        if (block == wanted) {
            return {};
        }
        if (wanted.isBlocked && !block.isBlocked && m_kind.stop) {
            TRY_VOID(m_kind.stop(tables, call, object));
        }
        TRY(const QJsonObject before, describe(tables, object));
        block = wanted;
        TRY_VOID(write(tables, object));
        TRY_VOID(keep(tables, call, object));
        TRY(const QJsonObject after, describe(tables, object));
        return record(tables, call, wanted.isBlocked ? "block" : "unblock", object, before, after);
    }
    /// Notes in the audit log what was done to an object. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> record(store::ControlTables &tables, const AdminCall &call,
                                      const char *verb, const T &object, const QJsonObject &before,
                                      const QJsonObject &after)
    {
        TRY(const Placement place, m_kind.place(tables, object));
        return recordChange(tables, call,
                            {.action = m_kind.name + u'.' + QLatin1StringView(verb),
                             .kind = m_kind.name,
                             .id = object.*m_kind.id,
                             .name = object.*m_kind.title,
                             .place = place,
                             .before = before,
                             .after = after,
                             .reason = m_kind.block ? (object.*m_kind.block).reason : QString()},
                            m_room.clock.wall());
    }

private:
    [[nodiscard]] ObjectName nameOf(const T &object) const
    {
        return {.kind = m_kind.name, .id = object.*m_kind.id};
    }

    [[nodiscard]] Result<void> keep(store::ControlTables &tables, const AdminCall &call,
                                    const T &object)
    {
        return m_kind.isVersioned
            ? keepVersion(tables, call, nameOf(object), (object.*m_kind.stamp).revision,
                          toJson(object), m_room.clock.wall())
            : Result<void>();
    }

    /// Keeps and records an object that was written, and answers with it.
    [[nodiscard]] Result<Answer> changed(store::ControlTables &tables, const AdminCall &call,
                                         const char *verb, const T &object,
                                         const QJsonObject &before)
    {
        TRY(const QJsonObject json, describe(tables, object));
        TRY_VOID(keep(tables, call, object));
        TRY_VOID(record(tables, call, verb, object, before, json));
        return withRevision(jsonAnswer(json), (object.*m_kind.stamp).revision);
    }

    [[nodiscard]] Answer download(ListFormat format, store::ListQuestion question)
    {
        const auto page = [this](const store::ListQuestion &asked) -> Result<ListRows> {
            ListRows rows;
            TRY_VOID(m_room.store.look([&](store::ControlTables &tables) -> Result<void> {
                TRY(const store::ListPage<T> found, (tables.*m_kind.table).list(asked));
                TRY(rows.items, m_view.describe(tables, found.items));
                rows.next = found.next;
                return {};
            }));
            return rows;
        };
        return downloadAnswer(format, m_kind.path, fieldNames<T>(), std::move(question), page);
    }

    /// Does the work in one transaction, and has it hold at once.
    template <typename Work>
    [[nodiscard]] Result<Answer> changing(const Work &work)
    {
        Answer answer;
        TRY_VOID(m_room.store.change([&](store::ControlTables &tables) -> Result<void> {
            TRY(answer, work(tables));
            return {};
        }));
        m_room.refresh();
        return answer;
    }

    /// Returns what is shown of the new object this once.
    [[nodiscard]] Result<QJsonObject> insert(store::ControlTables &tables, const AdminCall &call,
                                             Governed<T> &wish, const Secret &secret)
    {
        T &object = wish.object;
        if (!m_kind.issue && (object.*m_kind.id).isEmpty()) {
            object.*m_kind.id = m_kind.prefix + QString::fromLatin1(randomText(m_room.random, 16));
        }
        const WallTime now = m_room.clock.wall();
        object.*m_kind.stamp = {.createdAt = now, .updatedAt = now, .revision = 1};
        TRY_VOID(object.validate());
        TRY_VOID(complete(tables, secret, object, nullptr));
        TRY_VOID(m_kind.check(tables, call, object, nullptr));
        if (m_kind.admit) {
            TRY_VOID(m_kind.admit(tables, call, object, wish.governance));
        }
        QJsonObject shownOnce;
        if (m_kind.issue) {
            TRY(shownOnce, m_kind.issue(tables, call, object));
            TRY_VOID(asConflict((tables.*m_kind.table).update(object).transform([](bool) { })));
        } else {
            TRY_VOID(insertRow(tables, object));
        }
        if (m_kind.scope) {
            TRY_VOID(
                writeGovernance(tables, *m_kind.scope, object.*m_kind.id, wish.governance, now));
        }
        return shownOnce;
    }

    [[nodiscard]] Result<void> insertRow(store::ControlTables &tables, const T &object)
    {
        auto &table = tables.*m_kind.table;
        TRY(const std::optional<T> other, table.find({object.*m_kind.id}));
        if (other) {
            return failure(ApiError::conflict(QStringLiteral("There is one with that id already."),
                                              idField()));
        }
        return asConflict(table.insert(object));
    }

    [[nodiscard]] Result<void> update(store::ControlTables &tables, const AdminCall &call,
                                      Governed<T> &wish, const T &before)
    {
        T &object = wish.object;
        if (object.*m_kind.id != before.*m_kind.id) {
            return failure(ApiError::invalidRequest(
                QStringLiteral("'%1' cannot be changed.").arg(idField()), idField()));
        }
        TRY_VOID(object.validate());
        TRY_VOID(m_kind.check(tables, call, object, &before));
        TRY_VOID(write(tables, object));
        return m_kind.scope ? writeGovernance(tables, *m_kind.scope, object.*m_kind.id,
                                              wish.governance, (object.*m_kind.stamp).updatedAt)
                            : Result<void>();
    }

    [[nodiscard]] Result<Answer> setBlock(const AdminCall &call, const Block &wanted)
    {
        return changing([&](store::ControlTables &tables) -> Result<Answer> {
            TRY(T object, find(tables, call));
            TRY_VOID(checkRevision(call.request, (object.*m_kind.stamp).revision));
            TRY_VOID(put(tables, call, object, wanted));
            TRY(const QJsonObject json, describe(tables, object));
            return withRevision(jsonAnswer(json), (object.*m_kind.stamp).revision);
        });
    }

    /// Takes the secret of a request out of its body; an empty one if there is none. Null is none.
    [[nodiscard]] Result<Secret> takeSecret(QJsonObject &body) const
    {
        if (m_kind.secret.isEmpty()) {
            return Secret();
        }
        const QJsonValue value = body.take(m_kind.secret);
        if (!value.isString() && !value.isNull() && !value.isUndefined()) {
            const QString field = m_kind.secret;
            return failure(
                ApiError::invalidRequest(QStringLiteral("'%1' must be a text.").arg(field), field));
        }
        return Secret(value.toString().toUtf8());
    }

    [[nodiscard]] Result<void> complete(store::ControlTables &tables, const Secret &secret,
                                        T &object, const T *before)
    {
        return m_kind.complete ? m_kind.complete(tables, secret, object, before) : Result<void>();
    }

    /// A value that another object has already.
    [[nodiscard]] static Result<void> asConflict(Result<void> written)
    {
        if (!written && written.error().kind == ErrorKind::InvalidRequest) {
            return failure(ApiError::conflict(written.error().message, written.error().param));
        }
        return written;
    }

    [[nodiscard]] QString idField() const
    {
        return m_kind.name + QStringLiteral("_id");
    }

    const ControlRoom &m_room;
    const EntityKind<T> &m_kind;
    EntityView<T> m_view;
};

} // namespace delta::admin
