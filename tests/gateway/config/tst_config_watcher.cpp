#include "gateway/config/config_watcher.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <memory>

using namespace Qt::StringLiterals;

namespace delta::config {

/// Looks are taken by hand, so that nothing here depends on time but the one test of the timer.
class ConfigWatcherTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepsQuietWhileNothingChanges();
    void reportsAnEditOnceItIsAtRest();
    void reportsARenameOverTheFile();
    void reportsASwappedSymbolicLink();
    void waitsWhileTheFileIsAbsent();
    void keepsQuietWhenTheSameFileComesBack();
    void reportsAFileThatAppears();
    void looksByItself();

private:
    /// Writes a file whose length tells it from all before, so that the clock's grain does not
    /// matter.
    void write(const QString &name)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(QByteArray(++m_length, '#'));
    }
    [[nodiscard]] QString path(const QString &name) const
    {
        return m_folder->filePath(name);
    }
    void rename(const QString &from, const QString &to) const
    {
        QCOMPARE(std::rename(qPrintable(path(from)), qPrintable(path(to))), 0);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    int m_length = 0;
};

void ConfigWatcherTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void ConfigWatcherTest::keepsQuietWhileNothingChanges()
{
    write(u"c"_s);
    ConfigWatcher watcher(path(u"c"_s));
    const QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    watcher.poll();
    watcher.poll();
    QCOMPARE(requests.size(), 0);
}

void ConfigWatcherTest::reportsAnEditOnceItIsAtRest()
{
    write(u"c"_s);
    ConfigWatcher watcher(path(u"c"_s));
    const QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    write(u"c"_s);
    watcher.poll();
    write(u"c"_s);
    watcher.poll();
    QCOMPARE(requests.size(), 0);
    watcher.poll();
    QCOMPARE(requests.size(), 1);
    watcher.poll();
    QCOMPARE(requests.size(), 1);
}

void ConfigWatcherTest::reportsARenameOverTheFile()
{
    write(u"c"_s);
    ConfigWatcher watcher(path(u"c"_s));
    const QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    write(u"new"_s);
    rename(u"new"_s, u"c"_s);
    watcher.poll();
    watcher.poll();
    QCOMPARE(requests.size(), 1);
}

void ConfigWatcherTest::reportsASwappedSymbolicLink()
{
    // As Kubernetes updates a mounted file: c -> ..data/c, ..data -> folder of a version.
    QVERIFY(QDir(m_folder->path()).mkpath(u"v1"_s));
    QVERIFY(QDir(m_folder->path()).mkpath(u"v2"_s));
    write(u"v1/c"_s);
    write(u"v2/c"_s);
    QVERIFY(QFile::link(u"v1"_s, path(u"..data"_s)));
    QVERIFY(QFile::link(u"..data/c"_s, path(u"c"_s)));
    ConfigWatcher watcher(path(u"c"_s));
    const QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    QVERIFY(QFile::link(u"v2"_s, path(u"..data_tmp"_s)));
    rename(u"..data_tmp"_s, u"..data"_s);
    watcher.poll();
    watcher.poll();
    QCOMPARE(requests.size(), 1);
}

void ConfigWatcherTest::waitsWhileTheFileIsAbsent()
{
    write(u"c"_s);
    ConfigWatcher watcher(path(u"c"_s));
    const QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    QVERIFY(QFile::remove(path(u"c"_s)));
    watcher.poll();
    watcher.poll();
    QCOMPARE(requests.size(), 0);
    write(u"c"_s);
    watcher.poll();
    watcher.poll();
    QCOMPARE(requests.size(), 1);
}

void ConfigWatcherTest::keepsQuietWhenTheSameFileComesBack()
{
    QVERIFY(QDir(m_folder->path()).mkpath(u"mounted"_s));
    write(u"mounted/c"_s);
    ConfigWatcher watcher(path(u"mounted/c"_s));
    const QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    rename(u"mounted"_s, u"away"_s);
    watcher.poll();
    rename(u"away"_s, u"mounted"_s);
    watcher.poll();
    watcher.poll();
    QCOMPARE(requests.size(), 0);
}

void ConfigWatcherTest::reportsAFileThatAppears()
{
    ConfigWatcher watcher(path(u"c"_s));
    const QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    write(u"c"_s);
    watcher.poll();
    watcher.poll();
    QCOMPARE(requests.size(), 1);
}

void ConfigWatcherTest::looksByItself()
{
    write(u"c"_s);
    ConfigWatcher watcher(path(u"c"_s));
    QSignalSpy requests(&watcher, &ConfigWatcher::reloadRequested);
    watcher.start(std::chrono::milliseconds(1));
    write(u"c"_s);
    QVERIFY(requests.wait());
}

} // namespace delta::config

QTEST_GUILESS_MAIN(delta::config::ConfigWatcherTest)
#include "tst_config_watcher.moc"
