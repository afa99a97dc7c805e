#pragma once

#include "gateway/store/list_question.h"
#include "shared/core/result.h"
#include "shared/json/enum_names.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QUrlQuery>

#include <array>

namespace delta::admin {

/// How a list is answered.
enum class ListFormat {
    Page,  ///< One page of JSON.
    Csv,   ///< All rows, as a file for spreadsheets.
    Jsonl, ///< All rows, an object on each line.
};

constexpr auto enumNames(ListFormat)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{ListFormat::Page, "page"_L1}, EnumName{ListFormat::Csv, "csv"_L1},
                      EnumName{ListFormat::Jsonl, "jsonl"_L1}};
}

/// Whether a list can be had as a file, so that it takes the parameter `format`.
enum class Downloads { NotOffered, Offered };

/// Reads what a list is asked for: `limit` (50, at most 200), `sort` (a column, with '-' for descending), `q` (a
/// search), `cursor` (the `next` or `prev` of a page before), and a parameter for each column that rows can be
/// chosen by, which may be there several times, or hold several values with commas between. The reach is the caller's
/// to set. Errors: InvalidRequest naming the parameter.
[[nodiscard]] Result<store::ListQuestion> readListQuery(
    const QUrlQuery &query, const store::ListShape &shape,
    Downloads downloads = Downloads::NotOffered);

/// Reads how the list is to be answered. Errors: likewise.
[[nodiscard]] Result<ListFormat> readListFormat(const QUrlQuery &query);

/// Makes the cursor of a place, which only readListQuery() understands: where it is, on which side the page lies,
/// and how the list is sorted.
[[nodiscard]] QString cursorOf(const store::ListPlace &place, store::PageSide side,
                               const store::ListQuestion &question);

/// Describes a page: `items`, `next` and `prev` (cursors, or null), `total` and `total_is_estimate`.
template <typename T>
[[nodiscard]] QJsonObject pageJson(const store::ListPage<T> &page,
                                   const store::ListQuestion &question, const QJsonArray &items)
{
    const auto cursor = [&question](const std::optional<store::ListPlace> &place,
                                    store::PageSide side) {
        return place ? QJsonValue(cursorOf(*place, side, question)) : QJsonValue();
    };
    return {{QLatin1StringView("items"), items},
            {QLatin1StringView("next"), cursor(page.next, store::PageSide::Next)},
            {QLatin1StringView("prev"), cursor(page.previous, store::PageSide::Previous)},
            {QLatin1StringView("total"), page.total.rows},
            {QLatin1StringView("total_is_estimate"), page.total.isEstimate}};
}

} // namespace delta::admin
