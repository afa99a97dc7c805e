#include "shared/core/private_file.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace delta;

/// What a pepper adds to it is tested with the pepper: modes, kinds and drafts.
class PrivateFileTest final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    [[nodiscard]] QString path(const QString &name) const
    {
        return m_folder.filePath(name);
    }
    void write(const QString &name, const QByteArray &bytes, mode_t mode) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        QCOMPARE(::chmod(QFile::encodeName(file.fileName()).constData(), mode), 0);
    }

private Q_SLOTS:
    void readsWhatIsThere()
    {
        write(u"plain"_s, "secret", 0400);
        const auto content = PrivateFile(path(u"plain"_s), u"test file"_s).read(6);
        QVERIFY(content && *content);
        QCOMPARE((*content)->reveal(), QByteArray("secret"));
    }

    void hasNothingWhereThereIsNoFile()
    {
        const auto content = PrivateFile(path(u"none"_s), u"test file"_s).read(6);
        QVERIFY(content && !*content);
    }

    void refusesMoreThanIsAllowedWithoutShowingIt()
    {
        write(u"long"_s, "secrets", 0600);
        const auto content = PrivateFile(path(u"long"_s), u"test file"_s).read(6);
        QVERIFY(!content);
        QCOMPARE(
            content.error(),
            u"The test file %1 cannot be used: it has more than 6 bytes."_s.arg(path(u"long"_s)));
    }

    void letsAServiceManagerKeepTheOthersOut()
    {
        using enum PrivateFile::Custody;
        write(u"shared"_s, "secret", 0440);
        const QString link = path(u"link"_s);
        QVERIFY(QFile::link(path(u"shared"_s), link));
        QVERIFY(!PrivateFile(path(u"shared"_s), u"test file"_s, OwnMode).read(6));
        QVERIFY(PrivateFile(path(u"shared"_s), u"test file"_s, ServiceManager).read(6));
        QVERIFY(!PrivateFile(link, u"test file"_s, OwnMode).read(6));
        QVERIFY(PrivateFile(link, u"test file"_s, ServiceManager).read(6));
        write(u"open"_s, "secret", 0444);
        const auto open = PrivateFile(path(u"open"_s), u"test file"_s, ServiceManager).read(6);
        QVERIFY(!open);
        QVERIFY2(open.error().contains(u"0444"_s), qPrintable(open.error()));
    }

    void neverReplacesAFile()
    {
        const PrivateFile file(path(u"made"_s), u"test file"_s);
        const auto first = file.create(Secret("first"));
        QVERIFY2(first, first ? "" : qPrintable(first.error()));
        QCOMPARE(first->reveal(), QByteArray("first"));
        const auto second = file.create(Secret("other"));
        QVERIFY(second);
        QCOMPARE(second->reveal(), QByteArray("first"));
    }

    void replacesAFileWholeWhenItIsToldTo()
    {
        write(u"kept"_s, "a longer content than the next", 0400);
        const PrivateFile file(path(u"kept"_s), u"test file"_s);
        const auto replaced = file.replace(Secret("other"));
        QVERIFY2(replaced, replaced ? "" : qPrintable(replaced.error()));
        QCOMPARE((*file.read(64))->reveal(), QByteArray("other"));
        QVERIFY(!QFile::exists(path(u"kept.new"_s)));
        const PrivateFile nowhere(path(u"none/kept"_s), u"test file"_s);
        QVERIFY(!nowhere.replace(Secret("other")));
    }
};

QTEST_GUILESS_MAIN(PrivateFileTest)
#include "tst_private_file.moc"
