#include "gateway/store/number_rows.h"
#include "gateway/store/postgres_driver.h"

#include <libpq-fe.h>
#include <QByteArray>
#include <QByteArrayList>
#include <QRegularExpression>
#include <QVariant>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <system_error>
#include <vector>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

using PgResult = std::unique_ptr<PGresult, decltype(&::PQclear)>;

qint64 numberAt(const PGresult *result, int row, int column)
{
    const char *const text = ::PQgetvalue(result, row, column); // Empty for null.
    qint64 number = 0;
    const auto read = std::from_chars(text, text + ::PQgetlength(result, row, column), number);
    return read.ec == std::errc::result_out_of_range ? std::numeric_limits<qint64>::max() : number;
}

/// Returns how many values a statement takes: libpq wants no more.
qsizetype placesIn(const QString &statement)
{
    static const QRegularExpression place(u"\\?(\\d+)"_s);
    qsizetype highest = 0;
    for (const QRegularExpressionMatch &match : place.globalMatch(statement)) {
        highest = std::max<qsizetype>(highest, match.capturedView(1).toLongLong());
    }
    return highest;
}

PgResult execute(pg_conn *connection, const QString &statement, const QVariantList &values)
{
    QByteArrayList texts;
    for (const QVariant &value : values.first(std::min(placesIn(statement), values.size()))) {
        texts.append(value.toString().toUtf8());
    }
    std::vector<const char *> places;
    for (const QByteArray &text : texts) {
        places.push_back(text.constData());
    }
    const QByteArray numbered = QString(statement).replace(u'?', u'$').toUtf8();
    return PgResult(::PQexecParams(connection, numbered.constData(),
                                   static_cast<int>(places.size()), nullptr, places.data(), nullptr,
                                   nullptr, 0),
                    ::PQclear);
}

} // namespace

QSqlError readPostgresNumbers(const QSqlDatabase &connection, const QString &statement,
                              const QVariantList &values, const NumberReader &read)
{
    pg_conn *const handle = postgresHandle(connection);
    const PgResult result = execute(handle, statement, values);
    if (::PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
        return postgresError(handle, result.get());
    }
    std::vector<qint64> row(static_cast<std::size_t>(::PQnfields(result.get())));
    for (int number = 0; number < ::PQntuples(result.get()); ++number) {
        int column = 0;
        for (qint64 &value : row) {
            value = numberAt(result.get(), number, column++);
        }
        read(row);
    }
    return {};
}

} // namespace delta::store
