#include "gateway/store/sql_text.h"

#include <QDir>
#include <QFile>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Comments must go before Qt sees the text: it takes an apostrophe in them for the start of a
/// string.
QString withoutComments(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    lines.removeIf([](const QString &line) { return line.startsWith("--"_L1); });
    return lines.join(u'\n');
}

} // namespace

QString queryText(QLatin1StringView name, Dialect dialect)
{
    const QString own = u":/sql/queries/%1.pgsql.sql"_s.arg(name);
    return withoutComments(dialect == Dialect::PostgreSql && QFile::exists(own)
                               ? own
                               : u":/sql/queries/%1.sql"_s.arg(name))
        .trimmed();
}

QStringList migrationNames(Dialect dialect)
{
    QStringList names = QDir(u":/sql/migrations"_s).entryList(QDir::Files, QDir::Name);
    names.removeIf([dialect](const QString &name) {
        return name.endsWith(".pgsql.sql"_L1) != (dialect == Dialect::PostgreSql);
    });
    return names;
}

QStringList migrationStatements(const QString &name)
{
    QStringList statements;
    for (const QString &part : withoutComments(u":/sql/migrations/"_s + name).split(u"\n\n"_s)) {
        if (const QString statement = part.trimmed(); !statement.isEmpty()) {
            statements.append(statement);
        }
    }
    return statements;
}

} // namespace delta::store
