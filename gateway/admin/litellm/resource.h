#pragma once

#include "gateway/admin/litellm/steps.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>
#include <QStringList>

#include <optional>

namespace delta::admin::litellm {

/// A kind of object: where ours are, and how their fields lie in ours.
struct Kind {
    QByteArray path;      ///< "/ui/api/teams"
    QByteArray parameter; ///< "{team_id}"
    FieldMap fields;

    [[nodiscard]] QByteArray one() const
    {
        return path + '/' + parameter;
    }
};

/// A page of a list, counted as LiteLLM does.
struct PageWish {
    qint64 page = 1;
    qint64 size = 100;
};

/// What lies on it.
struct CountedPage {
    QJsonArray items; ///< Objects of ours.
    qint64 total = 0;
    PageWish wish;

    /// Returns the number of pages; zero if there is nothing.
    [[nodiscard]] qint64 pages() const
    {
        return (total + wish.size - 1) / wish.size;
    }
};

/// The objects of one kind, by the names that they have in LiteLLM; what is returned has ours. Borrows the steps and
/// the kind. Errors of all functions: those of the routes, by the names of the request.
class Resource
{
public:
    Resource(const Steps &steps, const Kind &kind)
        : m_steps(steps)
        , m_kind(kind)
    {
    }

    /// Makes one; null is like absent. `ours` is added to what the request becomes.
    [[nodiscard]] Result<QJsonObject> make(const AdminCall &call, const QJsonObject &request,
                                           const QJsonObject &ours = {}) const;
    /// Changes one. What is absent stays, what is null is reset.
    [[nodiscard]] Result<QJsonObject> change(const AdminCall &call, const QString &id,
                                             const QJsonObject &request) const;
    [[nodiscard]] Result<QJsonObject> show(const AdminCall &call, const QString &id) const;
    [[nodiscard]] Result<void> remove(const AdminCall &call, const QString &id) const;
    /// Says whether the caller may remove one. Errors: why not.
    [[nodiscard]] Result<void> admitRemoval(const AdminCall &call, const QString &id) const;
    /// Blocks one or lets it go on, if that is wanted.
    [[nodiscard]] Result<QJsonObject> setBlocked(const AdminCall &call, const QString &id,
                                                 bool isBlocked) const;
    /// Lists those that the filters choose, which are parameters of our list.
    [[nodiscard]] Result<CountedPage> list(const AdminCall &call, const PageWish &wish,
                                           const QUrlQuery &filters) const;

    [[nodiscard]] QJsonObject shown(const QJsonObject &ours) const
    {
        return toTheirs(m_kind.fields, ours);
    }

private:
    [[nodiscard]] Step removal(const QString &id) const;

    const Steps &m_steps;
    const Kind &m_kind;
};

/// Takes a text out of a request. Errors: InvalidRequest naming the field, also if it is not there.
[[nodiscard]] Result<QString> takeText(QJsonObject &request, QLatin1StringView field);
/// Takes a text that may be missing, or null; it is empty then. Errors: InvalidRequest naming the field.
[[nodiscard]] Result<QString> takeOptionalText(QJsonObject &request, QLatin1StringView field);
/// Takes a flag that may be missing, or null.
[[nodiscard]] Result<std::optional<bool>> takeFlag(QJsonObject &request, QLatin1StringView field);
/// Takes a list of 1 to 200 texts. Errors: InvalidRequest naming the field.
[[nodiscard]] Result<QStringList> takeNames(QJsonObject &request, QLatin1StringView field);
/// Checks that nothing is left of a request. Errors: InvalidRequest naming a field.
[[nodiscard]] Result<void> checkRest(const QJsonObject &request, const QStringList &known);

/// Reads a text of a query that must be there. Errors: InvalidRequest naming it.
[[nodiscard]] Result<QString> neededText(const QUrlQuery &query, QLatin1StringView name);
/// Reads `page`, and the size from the parameter of that name, 1 to 100. Errors: InvalidRequest naming it, also for a
/// page beyond row 100,000.
[[nodiscard]] Result<PageWish> readPage(const QUrlQuery &query, QLatin1StringView sizeName,
                                        qint64 usualSize);
/// Makes a query of one parameter.
[[nodiscard]] QUrlQuery queryOf(QLatin1StringView name, const QString &value);

} // namespace delta::admin::litellm
