#include "gateway/store/database.h"

#include "gateway/store/driver.h"
#include "gateway/store/postgres_driver.h"
#include "gateway/store/sql_text.h"

#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Turns the numbered places of a statement into plain ones and says which value goes to which:
/// Qt's driver miscounts a number that stands in a statement twice.
QString withPlainPlaces(const QString &statement, std::vector<qsizetype> &order)
{
    QString plain;
    for (qsizetype at = 0; at < statement.size(); ++at) {
        plain += statement[at];
        if (statement[at] != u'?') {
            continue;
        }
        qsizetype number = 0;
        for (; at + 1 < statement.size() && statement[at + 1].isDigit(); ++at) {
            number = number * 10 + statement[at + 1].digitValue();
        }
        order.push_back(number - 1);
    }
    return plain;
}

} // namespace

Database::Database(const DatabaseAddress &address)
    : m_dialect(address.dialect)
    , m_driver(driverOf(address.dialect))
    , m_name(u"delta-%1"_s.arg(quintptr(this), 0, 16))
    , m_thread(QThread::currentThreadId())
    , m_database(QSqlDatabase::addDatabase(m_driver.name, m_name))
{
}

Database::~Database()
{
    m_queries.clear();
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseAddress &address)
{
    std::unique_ptr<Database> database(new Database(address));
    TRY_VOID(database->connect(address));
    return database;
}

Result<void> Database::connect(const DatabaseAddress &address)
{
    TRY_VOID(m_driver.prepare(m_database, address));
    if (!m_database.open()) {
        return failure(databaseUnavailable(m_database.lastError().text()));
    }
    return m_driver.begin(m_database);
}

bool Database::isLost() const
{
    return m_isLost || m_driver.isLost(m_database, QSqlError());
}

ApiError Database::errorOf(const QSqlError &error)
{
    m_isLost = m_isLost || m_driver.isLost(m_database, error);
    const QString column = m_driver.takenColumn(error);
    if (!column.isEmpty()) {
        return ApiError::invalidRequest(u"Another one has this '%1' already."_s.arg(column),
                                        column);
    }
    return databaseUnavailable(error.text());
}

Result<Database::Prepared *> Database::prepared(QLatin1StringView name)
{
    const std::string_view key(name.data(), static_cast<std::size_t>(name.size()));
    if (const auto known = m_queries.find(key); known != m_queries.end()) {
        return &known->second;
    }
    Prepared statement{QSqlQuery(m_database), {}};
    statement.query.setForwardOnly(true);
    if (!statement.query.prepare(withPlainPlaces(queryText(name, m_dialect), statement.order))) {
        ApiError error = errorOf(statement.query.lastError());
        error.detail.prepend(name + ": "_L1);
        return failure(error);
    }
    return &m_queries.emplace(key, std::move(statement)).first->second;
}

Result<QSqlQuery *> Database::start(QLatin1StringView name, const QVariantList &values)
{
    TRY(Prepared *const statement, prepared(name));
    QSqlQuery *const query = &statement->query;
    for (std::size_t place = 0; place < statement->order.size(); ++place) {
        query->bindValue(static_cast<int>(place), values.value(statement->order[place]));
    }
    if (!query->exec()) {
        ApiError error = errorOf(query->lastError());
        error.detail.prepend(name + ": "_L1);
        query->finish();
        return failure(error);
    }
    return query;
}

Result<int> Database::run(QLatin1StringView name, const QVariantList &values)
{
    TRY(QSqlQuery *const query, start(name, values));
    const int changed = query->numRowsAffected();
    query->finish();
    return changed;
}

Result<void> Database::each(QLatin1StringView name, const QVariantList &values,
                            const RowReader &read)
{
    TRY(QSqlQuery *const query, start(name, values));
    return readRows(*query, read);
}

Result<void> Database::eachComposed(const QString &statement, const QVariantList &values,
                                    const RowReader &read)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    bool isDone = query.prepare(statement);
    for (const QVariant &value : values) {
        query.addBindValue(value);
    }
    isDone = isDone && query.exec();
    return isDone ? readRows(query, read) : failure(errorOf(query.lastError()));
}

Result<void> Database::eachComposedNumbers(const QString &statement, const QVariantList &values,
                                           const NumberReader &read)
{
    const QStringList parts = statement.split(u'?');
    QString numbered = parts.front();
    for (qsizetype place = 1; place < parts.size(); ++place) {
        numbered += u"?%1"_s.arg(place) + parts[place];
    }
    return resultOf("composed"_L1, m_driver.readNumbers(m_database, numbered, values, read));
}

Result<void> Database::readRows(QSqlQuery &query, const RowReader &read)
{
    while (query.next()) {
        read(query);
    }
    const bool isComplete = !query.lastError().isValid();
    const ApiError error = isComplete ? ApiError() : errorOf(query.lastError());
    // Without this the statement would keep its view of the database, and the WAL would grow.
    query.finish();
    return isComplete ? Result<void>() : failure(error);
}

Result<void> Database::scan(QLatin1StringView name, const PlainRowReader &read)
{
    return resultOf(name, m_driver.scan(m_database, queryText(name, m_dialect), read));
}

Result<void> Database::eachNumbers(QLatin1StringView name, const QVariantList &values,
                                   const NumberReader &read)
{
    return resultOf(name,
                    m_driver.readNumbers(m_database, queryText(name, m_dialect), values, read));
}

Result<void> Database::execute(const QString &statement)
{
    QSqlQuery query(m_database);
    if (!query.exec(statement)) {
        return failure(errorOf(query.lastError()));
    }
    return {};
}

Result<void> Database::copy(QLatin1StringView name, QByteArrayView lines)
{
    return resultOf(name, copyLines(postgresHandle(m_database), queryText(name, m_dialect), lines));
}

/// Turns what went wrong with a statement into a result; an error that is not valid is none.
Result<void> Database::resultOf(QLatin1StringView name, const QSqlError &error)
{
    if (!error.isValid()) {
        return {};
    }
    ApiError wrong = errorOf(error);
    wrong.detail.prepend(name + ": "_L1);
    return failure(wrong);
}

} // namespace delta::store
