#include "gateway/ledger/journal_directory.h"

#include "gateway/ledger/log.h"

#include <fcntl.h>
#include <QDir>
#include <QFile>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace delta::ledger {

using namespace Qt::StringLiterals;

namespace {

constexpr const char segmentSuffix[] = ".journal";
constexpr qsizetype segmentSuffixBytes = sizeof segmentSuffix - 1;

QByteArray segmentName(std::uint64_t base)
{
    return QByteArray::number(base, 16).rightJustified(16, '0') + segmentSuffix;
}

ApiError unusable(const QString &detail)
{
    return ApiError::storeUnavailable(u"The journal cannot be used."_s, detail);
}

QString errorText(int number)
{
    return QString::fromStdString(std::error_code(number, std::generic_category()).message());
}

} // namespace

JournalDirectory::JournalDirectory(JournalDisk &disk, const QByteArray &path, int lock)
    : m_disk(disk)
    , m_path(path)
    , m_lock(lock)
{
}

JournalDirectory::~JournalDirectory()
{
    ::close(m_lock);
}

Result<std::unique_ptr<JournalDirectory>> JournalDirectory::open(JournalDisk &disk,
                                                                 const QString &path)
{
    if (!QDir().mkpath(path)) {
        return failure(unusable(u"%1: the folder cannot be made"_s.arg(path)));
    }
    const QByteArray bytes = QFile::encodeName(path);
    ::chmod(bytes.constData(), 0700);
    const int lock = ::open((bytes + "/lock").constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        return failure(unusable(u"%1: %2"_s.arg(path, errorText(errno))));
    }
    std::unique_ptr<JournalDirectory> directory(new JournalDirectory(disk, bytes, lock));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        return failure(unusable(u"%1: another process uses this journal"_s.arg(path)));
    }
    return directory;
}

Result<std::vector<std::shared_ptr<JournalSegment>>> JournalDirectory::load()
{
    const QDir folder(QFile::decodeName(m_path));
    for (const QString &draft : folder.entryList({u"*.tmp"_s}, QDir::Files)) {
        removeFile(m_path + '/' + QFile::encodeName(draft));
    }
    std::vector<std::shared_ptr<JournalSegment>> segments;
    const QStringList names = folder.entryList({u"*"_s + QString::fromLatin1(segmentSuffix)},
                                               QDir::Files, QDir::Name);
    for (const QString &name : names) {
        TRY(auto segment, loadOne(QFile::encodeName(name)));
        if (segment) {
            segments.push_back(std::move(segment));
        }
    }
    if (!segments.empty()) {
        TRY(segments.back(), trimmed(segments.back()));
    }
    return segments;
}

/// Returns null for a file that holds no record.
Result<std::shared_ptr<JournalSegment>> JournalDirectory::loadOne(const QByteArray &name)
{
    const QByteArray path = m_path + '/' + name;
    auto loaded = JournalSegment::load(path);
    if (!loaded && loaded.error().kind == ErrorKind::StoreUnavailable) {
        return failure(std::move(loaded).error());
    }
    if (!loaded || segmentName((*loaded)->base()) != name) {
        setAside(path);
        return nullptr;
    }
    const JournalSegment &segment = **loaded;
    if (segment.isDamaged()) {
        qCCritical(lcLedger,
                   "a journal file is damaged: file=%s valid_until=%llu unreadable_bytes=%llu",
                   path.constData(), static_cast<unsigned long long>(segment.end()),
                   static_cast<unsigned long long>(segment.limit() - segment.end()));
    } else if (segment.end() == segment.firstRecord()) {
        removeFile(path);
        return nullptr;
    }
    return loaded;
}

/// Gives back the blocks that the last process reserved and did not use.
Result<std::shared_ptr<JournalSegment>> JournalDirectory::trimmed(
    const std::shared_ptr<JournalSegment> &segment)
{
    if (segment->isDamaged() || segment->end() == segment->limit()) {
        return segment;
    }
    const qint64 bytes = static_cast<qint64>(segment->end() - segment->base());
    if (const std::error_code error = m_disk.truncate(segment->path(), bytes)) {
        qCWarning(lcLedger, "a journal file could not be trimmed: file=%s error=\"%s\"",
                  segment->path().constData(), error.message().c_str());
        return segment;
    }
    // The old mapping reaches beyond the new end of the file and must not be read any more.
    return JournalSegment::load(segment->path());
}

Result<std::shared_ptr<JournalSegment>> JournalDirectory::create(std::uint64_t base, qint64 bytes)
{
    TRY(auto segment,
        JournalSegment::create(m_disk, m_path + '/' + segmentName(base), base, bytes));
    if (const std::error_code error = m_disk.syncDirectory(m_path)) {
        removeFile(segment->path());
        return failure(unusable(QString::fromStdString(error.message())));
    }
    return segment;
}

Result<void> JournalDirectory::sync(const JournalSegment &segment)
{
    if (const std::error_code error = segment.sync(m_disk)) {
        return failure(unusable(u"%1: %2"_s.arg(QFile::decodeName(segment.path()),
                                                QString::fromStdString(error.message()))));
    }
    return {};
}

void JournalDirectory::retire(const JournalSegment &segment)
{
    if (segment.isDamaged()) {
        setAside(segment.path());
    } else {
        removeFile(segment.path());
    }
}

void JournalDirectory::setAside(const QByteArray &path)
{
    const QByteArray aside = path.chopped(segmentSuffixBytes) + ".damaged";
    const std::error_code error = m_disk.rename(path, aside);
    qCCritical(lcLedger, "a damaged journal file is kept aside: file=%s outcome=\"%s\"",
               aside.constData(), error ? error.message().c_str() : "ok");
}

void JournalDirectory::removeFile(const QByteArray &path)
{
    if (const std::error_code error = m_disk.remove(path)) {
        qCWarning(
            lcLedger,
            "a journal file that is no longer needed could not be removed: file=%s error=\"%s\"",
            path.constData(), error.message().c_str());
    }
}

} // namespace delta::ledger
