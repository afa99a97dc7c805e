#pragma once

#include "gateway/store/database.h"
#include "gateway/store/database_address.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QUrl>

#include <memory>
#include <tuple>

namespace delta::test {

/// A place for one empty database, which goes with it: a file, or a database on the server that
/// DELTA_TEST_POSTGRES names, if the suite is run for that.
class StorePlace
{
public:
    StorePlace()
    {
        if (isPostgres()) {
            m_name =
                QStringLiteral("t%1_%2").arg(QCoreApplication::applicationPid()).arg(++s_count);
            execute(QStringLiteral("CREATE DATABASE ") + m_name);
        }
    }
    StorePlace(const StorePlace &) = delete;
    StorePlace &operator=(const StorePlace &) = delete;
    ~StorePlace()
    {
        if (isPostgres()) {
            execute(QStringLiteral("DROP DATABASE %1 WITH (FORCE)").arg(m_name));
        }
    }

    [[nodiscard]] static bool isPostgres()
    {
        return qEnvironmentVariable("DELTA_TEST_DIALECT") == QStringLiteral("postgres");
    }
    /// Returns what a Store takes.
    [[nodiscard]] QString address() const
    {
        if (!isPostgres()) {
            return m_folder.filePath(QStringLiteral("deltallm.db"));
        }
        QUrl url(server());
        url.setPath(u'/' + m_name);
        return url.toString(QUrl::FullyEncoded);
    }
    /// Returns the statement for the dialect of this run.
    [[nodiscard]] static QString either(const char *sqlite, const char *postgres)
    {
        return QString::fromLatin1(isPostgres() ? postgres : sqlite);
    }

private:
    static QString server()
    {
        return qEnvironmentVariable("DELTA_TEST_POSTGRES");
    }
    static void execute(const QString &statement)
    {
        const auto opened = store::Database::open(server());
        if (!opened || !(*opened)->execute(statement)) {
            qFatal("PostgreSQL of the tests at '%s': %ls", qPrintable(server()),
                   qUtf16Printable(opened ? statement : opened.error().detail));
        }
    }

    inline static int s_count = 0;
    QTemporaryDir m_folder;
    QString m_name;
};

} // namespace delta::test
