// labels: unit hostile
#include "gateway/app/state_folder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::app::StateFolder;

namespace {

/// Returns the permission bits of a file or folder; zero if there is none.
mode_t modeOf(const QString &path)
{
    struct stat status{};
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode & 07777 : 0;
}

void setMode(const QString &path, mode_t mode)
{
    if (::chmod(QFile::encodeName(path).constData(), mode) != 0) {
        qFatal("chmod failed");
    }
}

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("a file of the test cannot be written");
    }
}

} // namespace

class StateFolderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesAFolderForItsOwnerAlone();
    void closesAFolderThatIsOpenToOthers_data();
    void closesAFolderThatIsOpenToOthers();
    void leavesAnOpenFolderOfOthersAlone_data();
    void leavesAnOpenFolderOfOthersAlone();
    void keepsWhatIsInAFolder();
    void refusesAPlaceThatIsNoFolder_data();
    void refusesAPlaceThatIsNoFolder();
    void writesFilesForTheirOwnerAlone();
    void readsBackWhatItWrote_data();
    void readsBackWhatItWrote();
    void tellsAnAbsentFileFromAnEmptyOne();
    void replacesAFileWhole();
    void keepsTheOldFileIfTheNewOneCannotBeWritten();
    void removesAFile();
    void namesItsPlaces();

private:
    QString inside(const QString &name) const
    {
        return m_place + u'/' + name;
    }

    std::unique_ptr<QTemporaryDir> m_parent;
    QString m_place;
};

void StateFolderTest::init()
{
    m_parent = std::make_unique<QTemporaryDir>();
    m_place = m_parent->filePath(u"deep/state"_s);
}

void StateFolderTest::makesAFolderForItsOwnerAlone()
{
    const mode_t before = ::umask(0);
    const auto folder = StateFolder::open(m_place);
    ::umask(before);
    QVERIFY(folder);
    QCOMPARE(folder->path(), m_place);
    QCOMPARE(modeOf(m_place), mode_t(0700));
}

void StateFolderTest::closesAFolderThatIsOpenToOthers_data()
{
    QTest::addColumn<int>("mode");
    for (const int mode : {0755, 0777, 0750, 0711, 0701, 0710, 0740, 0702, 0700}) {
        QTest::addRow("%o", static_cast<unsigned>(mode)) << mode;
    }
}

void StateFolderTest::closesAFolderThatIsOpenToOthers()
{
    QFETCH(const int, mode);
    QVERIFY(QDir().mkpath(m_place));
    setMode(m_place, static_cast<mode_t>(mode));
    QVERIFY(StateFolder::open(m_place));
    QCOMPARE(modeOf(m_place), mode_t(0700));
}

void StateFolderTest::leavesAnOpenFolderOfOthersAlone_data()
{
    QTest::addColumn<QString>("file"); // What lies in the folder.
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("somebody's file") << u"photo.jpg"_s << 0755 << false;
    QTest::newRow("somebody's hidden file") << u".profile"_s << 0755 << false;
    QTest::newRow("closed already") << u"photo.jpg"_s << 0700 << true;
    QTest::newRow("a gateway's") << u"deltallm.db"_s << 0755 << true;
}

void StateFolderTest::leavesAnOpenFolderOfOthersAlone()
{
    QFETCH(const QString, file);
    QFETCH(const int, mode);
    QFETCH(const bool, isTaken);
    QVERIFY(QDir().mkpath(m_place));
    writeFile(inside(file), "x");
    setMode(m_place, static_cast<mode_t>(mode));
    const auto folder = StateFolder::open(m_place);
    QCOMPARE(folder.has_value(), isTaken);
    QCOMPARE(modeOf(m_place), isTaken ? mode_t(0700) : static_cast<mode_t>(mode));
    QVERIFY(isTaken || folder.error().message.contains(m_place));
}

void StateFolderTest::keepsWhatIsInAFolder()
{
    QVERIFY(StateFolder::open(m_place)->write(u"a"_s, "kept"));
    QCOMPARE(StateFolder::open(m_place)->read(u"a"_s).value(), std::optional("kept"_ba));
}

void StateFolderTest::refusesAPlaceThatIsNoFolder_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("a file") << u"file"_s;
    QTest::newRow("below a file") << u"file/state"_s;
    QTest::newRow("a link to nowhere") << u"link"_s;
}

void StateFolderTest::refusesAPlaceThatIsNoFolder()
{
    QFETCH(const QString, name);
    writeFile(m_parent->filePath(u"file"_s), "x");
    QVERIFY(QFile::link(m_parent->filePath(u"nowhere"_s), m_parent->filePath(u"link"_s)));
    const QString place = m_parent->filePath(name);
    const auto folder = StateFolder::open(place);
    QVERIFY(!folder);
    QCOMPARE(folder.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(folder.error().message.contains(place));
    QVERIFY(folder.error().message.contains(u"--state-dir"_s));
}

void StateFolderTest::writesFilesForTheirOwnerAlone()
{
    const mode_t before = ::umask(0);
    const auto folder = StateFolder::open(m_place);
    QVERIFY(folder->write(u"new"_s, "x"));
    writeFile(inside(u"old"_s), "x");
    setMode(inside(u"old"_s), 0666);
    QVERIFY(folder->write(u"old"_s, "y"));
    ::umask(before);
    QCOMPARE(modeOf(inside(u"new"_s)), mode_t(0600));
    QCOMPARE(modeOf(inside(u"old"_s)), mode_t(0600));
}

void StateFolderTest::readsBackWhatItWrote_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << "abc\n"_ba;
    QTest::newRow("nothing") << ""_ba;
    QTest::newRow("any bytes") << QByteArray("\0\r\n\xff\x1a", 5);
    QTest::newRow("much") << QByteArray(100'000, 'x');
}

void StateFolderTest::readsBackWhatItWrote()
{
    QFETCH(const QByteArray, bytes);
    const auto folder = StateFolder::open(m_place);
    QVERIFY(folder->write(u"a"_s, bytes));
    QCOMPARE(folder->read(u"a"_s).value(), std::optional(bytes));
}

void StateFolderTest::tellsAnAbsentFileFromAnEmptyOne()
{
    const auto folder = StateFolder::open(m_place);
    QCOMPARE(folder->read(u"a"_s).value(), std::optional<QByteArray>());
    QVERIFY(folder->write(u"a"_s, ""));
    QVERIFY(folder->read(u"a"_s).value().has_value());
}

void StateFolderTest::replacesAFileWhole()
{
    const auto folder = StateFolder::open(m_place);
    QVERIFY(folder->write(u"a"_s, "a long text"));
    QVERIFY(folder->write(u"a"_s, "short"));
    QCOMPARE(folder->read(u"a"_s).value(), std::optional("short"_ba));
    QCOMPARE(QDir(m_place).entryList(QDir::Files | QDir::Hidden), QStringList{u"a"_s});
}

void StateFolderTest::keepsTheOldFileIfTheNewOneCannotBeWritten()
{
    const auto folder = StateFolder::open(m_place);
    QVERIFY(QDir(m_place).mkdir(u"a"_s)); // A folder stands where the file should be.
    const auto written = folder->write(u"a"_s, "x");
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(written.error().message.contains(u"\"a\""_s));
    const auto read = folder->read(u"a"_s);
    QVERIFY(!read);
    QVERIFY(read.error().message.contains(u"\"a\""_s));
}

void StateFolderTest::removesAFile()
{
    const auto folder = StateFolder::open(m_place);
    QVERIFY(folder->write(u"a"_s, "x"));
    QVERIFY(folder->remove(u"a"_s));
    QVERIFY(!folder->read(u"a"_s).value());
    QVERIFY(folder->remove(u"a"_s)); // It is gone, which is what was asked for.
}

void StateFolderTest::namesItsPlaces()
{
    const auto folder = StateFolder::open(m_place);
    for (const QString &place :
         {folder->databaseFile(), folder->journalFolder(), folder->pepperFile()}) {
        QVERIFY(place.startsWith(m_place + u'/'));
    }
    QCOMPARE(StateFolder::databaseFileIn(m_place), folder->databaseFile());
}

QTEST_APPLESS_MAIN(StateFolderTest)
#include "tst_state_folder.moc"
