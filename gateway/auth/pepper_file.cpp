#include "gateway/auth/pepper_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <QFile>
#include <QFileInfo>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace delta::auth {

namespace {

/// Closes a descriptor when it goes out of scope.
class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

    [[nodiscard]] int fd() const
    {
        return m_fd;
    }

private:
    int m_fd;
};

/// Says what is wrong with the file's kind, owner, mode or size; empty if nothing.
QString fault(const struct stat &facts)
{
    if (!S_ISREG(facts.st_mode)) {
        return QStringLiteral("it is not a plain file");
    }
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0) {
        return QStringLiteral("it belongs to another user (uid %1)").arg(facts.st_uid);
    }
    if ((facts.st_mode & 0177) != 0) {
        return QStringLiteral("its mode is %1, but others must not read it; run: chmod 600")
            .arg(facts.st_mode & 07777, 4, 8, QLatin1Char('0'));
    }
    if (facts.st_size != static_cast<off_t>(PepperFile::Bytes().size())) {
        return QStringLiteral(
                   "it has %1 bytes instead of 32; restore it from the backup of the state folder")
            .arg(facts.st_size);
    }
    return {};
}

} // namespace

PepperFile::PepperFile(const QString &path)
    : m_path(path)
    , m_file(QFile::encodeName(path))
    , m_draft(m_file + ".new")
{
}

std::expected<std::optional<PepperFile::Bytes>, QString> PepperFile::read() const
{
    const Descriptor file(
        ::open(m_file.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.fd() < 0) {
        if (errno == ENOENT) {
            return std::nullopt;
        }
        return std::unexpected(failureText(QStringLiteral("open")));
    }
    struct stat facts{};
    if (::fstat(file.fd(), &facts) != 0) {
        return std::unexpected(failureText(QStringLiteral("examine")));
    }
    if (const QString wrong = fault(facts); !wrong.isEmpty()) {
        return std::unexpected(
            QStringLiteral("The pepper file %1 cannot be used: %2.").arg(m_path, wrong));
    }
    Bytes bytes{};
    if (::read(file.fd(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
        return std::unexpected(failureText(QStringLiteral("read")));
    }
    return bytes;
}

std::expected<std::optional<PepperFile::Bytes>, QString> PepperFile::create(Random &random) const
{
    Bytes bytes{};
    random.fill(bytes);
    const auto draft = writeDraft(bytes);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    if (!draft) {
        return std::unexpected(draft.error());
    }
    // link(2), unlike rename(2), never replaces a file that came into being meanwhile.
    const bool isLinked = ::link(m_draft.constData(), m_file.constData()) == 0 || errno == EEXIST;
    const QString problem = isLinked ? QString() : failureText(QStringLiteral("create"));
    ::unlink(m_draft.constData());
    if (!isLinked) {
        return std::unexpected(problem);
    }
    if (const auto synced = syncFolder(); !synced) {
        return std::unexpected(synced.error());
    }
    return read();
}

QString PepperFile::failureText(const QString &what) const
{
    return QStringLiteral("Cannot %1 the pepper file %2: %3.")
        .arg(what, m_path, QString::fromLocal8Bit(std::strerror(errno)));
}

std::expected<void, QString> PepperFile::writeDraft(const Bytes &bytes) const
{
    ::unlink(m_draft.constData()); // A crash may have left one.
    const Descriptor draft(
        ::open(m_draft.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    const bool isWritten = draft.fd() >= 0
        && ::write(draft.fd(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())
        && ::fsync(draft.fd()) == 0;
    if (!isWritten) {
        return std::unexpected(failureText(QStringLiteral("write")));
    }
    return {};
}

std::expected<void, QString> PepperFile::syncFolder() const
{
    const QByteArray folder = QFile::encodeName(QFileInfo(m_path).absolutePath());
    const Descriptor descriptor(::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.fd() < 0 || ::fsync(descriptor.fd()) != 0) {
        return std::unexpected(failureText(QStringLiteral("write the folder of")));
    }
    return {};
}

} // namespace delta::auth
