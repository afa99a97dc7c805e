#pragma once

#include "gateway/admin/resources/entity_kind.h"
#include "gateway/admin/resources/governance.h"
#include "shared/json/json_codec.h"

#include <QJsonObject>

#include <span>
#include <vector>

namespace delta::admin {

/// How objects of a kind are shown: as they are, with what limits them and what is worked out of them. However many
/// they are, it takes the same few statements. Called on the thread that owns the store. Errors: StoreUnavailable.
template <Described T>
class EntityView
{
public:
    /// Borrowed, and outlives the view.
    explicit EntityView(const EntityKind<T> &kind)
        : m_kind(kind)
    {
    }

    /// Describes objects in their order.
    [[nodiscard]] Result<std::vector<QJsonObject>> describe(store::ControlTables &tables,
                                                            std::span<const T> objects)
    {
        std::vector<QJsonObject> described = jsonOfEach(objects, toJson<T>);
        if (m_kind.scope) {
            TRY(const auto governances,
                readGovernances(tables, *m_kind.scope, textsOf(objects, m_kind.id)));
            for (std::size_t i = 0; i < objects.size(); ++i) {
                join(described[i], toJson(governances.value(objects[i].*m_kind.id)));
            }
        }
        if (m_kind.workOut) {
            TRY(const std::vector<QJsonObject> more, m_kind.workOut(tables, objects));
            for (std::size_t i = 0; i < objects.size(); ++i) {
                join(described[i], more[i]);
            }
        }
        return described;
    }

    /// Returns what limits an object; nothing does where the kind has no limits.
    [[nodiscard]] Result<Governance> governanceOf(store::ControlTables &tables, const T &object)
    {
        if (!m_kind.scope) {
            return Governance();
        }
        const QString &id = object.*m_kind.id;
        return readGovernances(tables, *m_kind.scope, {id}).transform([&id](const auto &found) {
            return found.value(id);
        });
    }

    /// Adds the members of another object.
    static void join(QJsonObject &object, const QJsonObject &more)
    {
        for (auto member = more.begin(); member != more.end(); ++member) {
            object.insert(member.key(), member.value());
        }
    }

private:
    const EntityKind<T> &m_kind;
};

} // namespace delta::admin
