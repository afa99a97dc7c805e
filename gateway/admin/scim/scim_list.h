#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/admin/scim/scim_error.h"
#include "gateway/admin/scim/scim_filter.h"
#include "gateway/admin/scim/scim_schema.h"
#include "gateway/store/scim_tables.h"
#include "shared/core/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QSet>
#include <QString>
#include <QtTypes>
#include <QUrlQuery>

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace delta::admin::scim {

/// How many resources a page has at most, and how many are looked through for a filter that names none of them.
inline constexpr qint64 mostResults = 200;
inline constexpr qint64 mostTried = 20'000;

/// Which attributes an answer is to have. Source: RFC 7644 §3.9.
struct Projection {
    std::vector<Target> wanted{};   ///< With `schemas` and `id` nothing but these; empty: all.
    std::vector<Target> unwanted{}; ///< Where `wanted` is empty, all but these.

    /// Says whether an attribute is in the answer, at least a part of it.
    [[nodiscard]] bool has(QLatin1StringView attribute) const;
    [[nodiscard]] QJsonObject of(const QJsonObject &resource) const;
};

/// Reads `attributes` and `excludedAttributes`. Names that nobody knows choose nothing.
[[nodiscard]] Projection readProjection(const ResourceType &type, const QUrlQuery &query);

/// What a list is asked for.
struct ListWish {
    qint64 start = 1; ///< From 1 on.
    qint64 count = mostResults;
    std::optional<Filter> filter; ///< Absent: all.
    Projection projection;
};

/// Reads `startIndex`, `count`, `filter`, `attributes` and `excludedAttributes`. Source: RFC 7644 §3.4.2.
/// Errors: InvalidRequest with the code `invalidFilter` or `invalidValue`.
[[nodiscard]] Result<ListWish> readListWish(const ResourceType &type, const QUrlQuery &query);

/// Says whether a filter is about an attribute.
[[nodiscard]] bool mentions(const Filter &filter, QLatin1StringView attribute);

/// Makes the answer: a ListResponse.
[[nodiscard]] Answer listAnswer(qint64 total, qint64 start, const QJsonArray &resources);

/// Whether a resource is described with the lists that are looked up for it: groups, members.
enum class Detail { Plain, WithLists };

/// Where the resources of a list come from. Errors of all: StoreUnavailable.
template <typename Row>
struct Shelf {
    std::function<Result<qint64>()> count;
    std::function<Result<std::vector<Row>>(const store::ScimSlice &slice)> slice;
    std::function<Result<std::optional<Row>>(const Lookup &lookup)> find;
    std::function<Result<QJsonObject>(const Row &row, Detail detail)> describe;
    std::span<const QLatin1StringView> keys; ///< By which find() finds.
    QLatin1StringView lookedUp;              ///< The list that only Detail::WithLists shows.
};

/// Finds those that a filter holds for. Errors: InvalidRequest with the code `tooMany` if that takes too long.
template <typename Row>
[[nodiscard]] Result<std::vector<Row>> found(const Shelf<Row> &shelf, const Filter &filter)
{
    const Detail detail = mentions(filter, shelf.lookedUp) ? Detail::WithLists : Detail::Plain;
    std::vector<Row> rows;
    QSet<QString> ids; // Several lookups may find the same one.
    const auto take = [&](const Row &row) -> Result<void> {
        TRY(const QJsonObject resource, shelf.describe(row, detail));
        const QString id = resource.value(QLatin1StringView("id")).toString();
        if (matches(filter, resource) && !ids.contains(id)) {
            ids.insert(id);
            rows.push_back(row);
        }
        return {};
    };
    if (const auto lookups = lookupsOf(filter, shelf.keys)) {
        for (const Lookup &lookup : *lookups) {
            TRY(const std::optional<Row> row, shelf.find(lookup));
            if (row) {
                TRY_VOID(take(*row));
            }
        }
        return rows;
    }
    TRY(const qint64 count, shelf.count());
    if (count > mostTried) {
        return failure(scimError(
            tooMany,
            QStringLiteral(
                "Of so many, 'filter' must name one: by eq, and by and with it the rest."),
            QStringLiteral("filter")));
    }
    constexpr qint64 portion = 500;
    for (qint64 offset = 0; offset < count; offset += portion) {
        TRY(const std::vector<Row> candidates, shelf.slice({offset, portion}));
        for (const Row &row : candidates) {
            TRY_VOID(take(row));
        }
    }
    return rows;
}

/// Answers a list.
template <typename Row>
[[nodiscard]] Result<Answer> list(const Shelf<Row> &shelf, const ListWish &wish)
{
    std::vector<Row> rows;
    qint64 total = 0;
    if (wish.filter) {
        TRY(std::vector<Row> all, scim::found(shelf, *wish.filter));
        total = static_cast<qint64>(all.size());
        const qint64 begin = std::min(wish.start - 1, total);
        const qint64 end = std::min(begin + wish.count, total);
        rows.assign(all.begin() + begin, all.begin() + end);
    } else {
        TRY(total, shelf.count());
        if (wish.count > 0) {
            TRY(rows, shelf.slice({wish.start - 1, wish.count}));
        }
    }
    const Detail detail = wish.projection.has(shelf.lookedUp) ? Detail::WithLists : Detail::Plain;
    QJsonArray resources;
    for (const Row &row : rows) {
        TRY(const QJsonObject resource, shelf.describe(row, detail));
        resources.append(wish.projection.of(resource));
    }
    return listAnswer(total, wish.start, resources);
}

} // namespace delta::admin::scim
