#include "gateway/admin/contract/list_query.h"

#include "gateway/admin/query_values.h"
#include "gateway/store/list_statement.h"
#include "shared/core/quoted.h"
#include "shared/models/text_rules.h"

#include <QJsonDocument>
#include <QStringList>

#include <chrono>
#include <optional>
#include <ranges>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ColumnUse;
using store::ListColumn;
using store::ListPlace;
using store::ListQuestion;
using store::ListShape;
using store::PageSide;
using store::SortDirection;

constexpr qint64 standardLimit = 50;
constexpr qint64 highestLimit = 200;
constexpr qsizetype longestSearch = 200;
constexpr qsizetype mostValues = 200;
constexpr qsizetype longestCursor = 2'000;
constexpr auto limitName = "limit"_L1;
constexpr auto sortName = "sort"_L1;
constexpr auto searchName = "q"_L1;
constexpr auto cursorName = "cursor"_L1;
constexpr auto formatName = "format"_L1;

bool isFilter(const ListColumn &column)
{
    return column.use != ColumnUse::Sort && column.use != ColumnUse::Owner;
}

QStringList filterNames(const ListShape &shape)
{
    QStringList names;
    for (const ListColumn &column : shape.columns | std::views::filter(isFilter)) {
        names.append(QString(column.name));
    }
    return names;
}

/// Filters may be there several times, so checkNames() is not for them.
Result<void> checkParameters(const QUrlQuery &query, const ListShape &shape, Downloads downloads)
{
    const QStringList filters = filterNames(shape);
    QStringList once{QString(limitName), QString(sortName), QString(searchName),
                     QString(cursorName)};
    if (downloads == Downloads::Offered) {
        once.append(QString(formatName));
    }
    for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded)) {
        if (!filters.contains(name) && !once.contains(name)) {
            return failure(
                ApiError::invalidRequest(u"%1 is no parameter of this list. It takes: %2."_s.arg(
                                             quoted(name), (once + filters).join(", "_L1)),
                                         name.left(64)));
        }
        if (once.contains(name) && query.allQueryItemValues(name).size() > 1) {
            return failure(ApiError::invalidRequest(
                u"The query parameter '%1' must be there once."_s.arg(name), name));
        }
    }
    return {};
}

Result<void> readSort(const QUrlQuery &query, const ListShape &shape, ListQuestion &question)
{
    const QString asked = query.queryItemValue(sortName, QUrl::FullyDecoded);
    const QString text = asked.isEmpty() ? QString(shape.usualSort) : asked;
    if (text.isEmpty()) {
        return {};
    }
    const bool isDown = text.startsWith(u'-');
    const QString wanted = isDown ? text.sliced(1) : text;
    QStringList known{QString(shape.id)};
    for (const ListColumn &column : shape.columns) {
        if (column.use == ColumnUse::Sort) {
            known.append(QString(column.name));
            if (column.name == wanted) {
                question.sort = column.name;
            }
        }
    }
    if (question.sort.isEmpty() && wanted != shape.id) {
        return wrongParameter(
            sortName,
            u"must be one of %1, with '-' before it for descending"_s.arg(known.join(", "_L1)));
    }
    question.direction = isDown ? SortDirection::Descending : SortDirection::Ascending;
    return {};
}

Result<void> checkValues(const ListColumn &column, const QStringList &values)
{
    if (values.size() > mostValues) {
        return wrongParameter(column.name, u"may have at most %1 values"_s.arg(mostValues));
    }
    for (const QString &value : values) {
        if (column.use == ColumnUse::Flag && value != "true"_L1 && value != "false"_L1) {
            return wrongParameter(column.name, u"must be true or false"_s);
        }
        TRY_VOID(checkText(value, column.name));
    }
    return {};
}

bool isTime(const ListColumn &column)
{
    return column.use == ColumnUse::Before || column.use == ColumnUse::After;
}

/// Returns a time of the query in milliseconds.
Result<QStringList> readMoment(const QUrlQuery &query, const ListColumn &column,
                               const QStringList &values)
{
    if (values.size() > 1) {
        return wrongParameter(column.name, u"must be one time"_s);
    }
    TRY(const std::optional<WallTime> time, readTime(query, column.name, std::chrono::days(0)));
    return time ? QStringList{QString::number(time->time_since_epoch().count())} : QStringList();
}

Result<void> readFilters(const QUrlQuery &query, const ListShape &shape, ListQuestion &question)
{
    for (const ListColumn &column : shape.columns) {
        QStringList values;
        if (isFilter(column)) {
            for (const QString &text :
                 query.allQueryItemValues(QString(column.name), QUrl::FullyDecoded)) {
                values += text.split(u',', Qt::SkipEmptyParts);
            }
        }
        TRY_VOID(checkValues(column, values));
        if (isTime(column) && !values.isEmpty()) {
            TRY(values, readMoment(query, column, values));
        }
        if (!values.isEmpty()) {
            question.filters.emplace_back(column.name, values);
        }
    }
    return {};
}

QJsonArray cursorParts(const QString &text)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        text.toLatin1(),
        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals
            | QByteArray::AbortOnBase64DecodingErrors);
    return QJsonDocument::fromJson(decoded ? *decoded : QByteArray()).array();
}

QString sortText(const ListQuestion &question)
{
    return (question.direction == SortDirection::Descending ? u"-"_s : u""_s) + question.sort;
}

Result<void> readCursor(const QUrlQuery &query, ListQuestion &question)
{
    const QString text = query.queryItemValue(cursorName, QUrl::FullyDecoded);
    if (text.isEmpty()) {
        return {};
    }
    const QJsonArray parts = text.size() <= longestCursor ? cursorParts(text) : QJsonArray();
    const bool isWhole = parts.size() == 4 && parts[0].isString() && parts[1].isString()
        && parts[3].isString() && (parts[2].isString() || parts[2].isDouble() || parts[2].isNull())
        && (parts[2].isNull() == question.sort.isEmpty());
    const bool isKnownSide = isWhole && (parts[1] == "next"_L1 || parts[1] == "prev"_L1);
    if (!isKnownSide) {
        return wrongParameter(cursorName, u"must be the 'next' or 'prev' of a page of this list"_s);
    }
    if (parts[0] != sortText(question)) {
        return wrongParameter(cursorName,
                              u"is of a list that was sorted otherwise; begin anew without it"_s);
    }
    question.place = {.value = parts[2].isDouble() ? QVariant(parts[2].toInteger())
                                                   : parts[2].toVariant(),
                      .id = parts[3].toString()};
    question.side = parts[1] == "next"_L1 ? PageSide::Next : PageSide::Previous;
    return {};
}

} // namespace

Result<ListFormat> readListFormat(const QUrlQuery &query)
{
    const QString text = query.queryItemValue(formatName, QUrl::FullyDecoded);
    if (text.isEmpty()) {
        return ListFormat::Page;
    }
    const std::optional<ListFormat> format = enumValue<ListFormat>(text);
    if (!format) {
        return wrongParameter(formatName,
                              u"must be one of %1"_s.arg(enumNameList<ListFormat>().join(", "_L1)));
    }
    return *format;
}

Result<ListQuestion> readListQuery(const QUrlQuery &query, const ListShape &shape,
                                   Downloads downloads)
{
    ListQuestion question;
    TRY_VOID(checkParameters(query, shape, downloads));
    TRY(const qint64 limit, readCount(query, limitName, standardLimit, highestLimit));
    if (limit == 0) {
        return wrongParameter(limitName, u"must be a number from 1 to %1"_s.arg(highestLimit));
    }
    question.limit = static_cast<int>(limit);
    question.search = query.queryItemValue(searchName, QUrl::FullyDecoded).trimmed();
    if (question.search.size() > longestSearch || hasUnprintable(question.search)) {
        return wrongParameter(
            searchName,
            u"must be a text of at most %1 characters on one line"_s.arg(longestSearch));
    }
    TRY_VOID(readSort(query, shape, question));
    TRY_VOID(readFilters(query, shape, question));
    TRY_VOID(readCursor(query, question));
    return question;
}

QString cursorOf(const ListPlace &place, PageSide side, const ListQuestion &question)
{
    const bool isText = place.value.typeId() == QMetaType::QString;
    const QJsonValue value = question.sort.isEmpty() ? QJsonValue()
        : isText                                     ? QJsonValue(place.value.toString())
                                                     : QJsonValue(place.value.toLongLong());
    const QJsonArray parts{sortText(question), side == PageSide::Next ? "next"_L1 : "prev"_L1,
                           value, place.id};
    return QString::fromLatin1(
        QJsonDocument(parts)
            .toJson(QJsonDocument::Compact)
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

} // namespace delta::admin
