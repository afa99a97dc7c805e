#include "shared/core/private_file.h"

#include <fcntl.h>
#include <QFile>
#include <QFileInfo>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace delta {

using namespace Qt::StringLiterals;

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

/// Says what is wrong with the file's kind, owner or mode; empty if nothing.
QString fault(const struct stat &facts, PrivateFile::Custody custody)
{
    const bool isOurs = custody == PrivateFile::Custody::OwnMode;
    if (!S_ISREG(facts.st_mode)) {
        return u"it is not a plain file"_s;
    }
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0) {
        return u"it belongs to another user (uid %1)"_s.arg(facts.st_uid);
    }
    if ((facts.st_mode & (isOurs ? 0177 : 0007)) != 0) {
        return u"its mode is %1, but others must not read it; run: chmod 600"_s.arg(
            facts.st_mode & 07777, 4, 8, QLatin1Char('0'));
    }
    return {};
}

/// Reads until the end, but at most one byte more than is allowed; nothing if that fails.
std::optional<Secret> readAll(const Descriptor &file, qsizetype maxBytes)
{
    QByteArray bytes(maxBytes + 1, Qt::Uninitialized);
    qsizetype length = 0;
    while (length < bytes.size()) {
        const ssize_t count = ::read(file.fd(), bytes.data() + length,
                                     static_cast<std::size_t>(bytes.size() - length));
        if (count < 0 && errno != EINTR) {
            wipe(bytes);
            return std::nullopt;
        }
        if (count == 0) {
            break;
        }
        length += count > 0 ? count : 0;
    }
    bytes.truncate(length);
    return Secret(std::move(bytes));
}

} // namespace

PrivateFile::PrivateFile(const QString &path, QString noun, Custody custody)
    : m_path(path)
    , m_noun(std::move(noun))
    , m_custody(custody)
    , m_file(QFile::encodeName(path))
    , m_draft(m_file + ".new")
{
}

std::expected<std::optional<Secret>, QString> PrivateFile::read(qsizetype maxBytes) const
{
    const int links = m_custody == Custody::OwnMode ? O_NOFOLLOW : 0;
    const Descriptor file(::open(m_file.constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | links));
    if (file.fd() < 0) {
        if (errno == ENOENT) {
            return std::nullopt;
        }
        return std::unexpected(failureText(u"open"_s));
    }
    struct stat facts{};
    if (::fstat(file.fd(), &facts) != 0) {
        return std::unexpected(failureText(u"examine"_s));
    }
    if (const QString wrong = fault(facts, m_custody); !wrong.isEmpty()) {
        return std::unexpected(unusable(wrong));
    }
    std::optional<Secret> content = readAll(file, maxBytes);
    if (!content) {
        return std::unexpected(failureText(u"read"_s));
    }
    if (content->reveal().size() > maxBytes) {
        return std::unexpected(unusable(u"it has more than %1 bytes"_s.arg(maxBytes)));
    }
    return content;
}

std::expected<Secret, QString> PrivateFile::create(const Secret &content) const
{
    if (const auto draft = writeDraft(content.reveal()); !draft) {
        return std::unexpected(draft.error());
    }
    // link(2), unlike rename(2), never replaces a file that came into being meanwhile.
    const bool isLinked = ::link(m_draft.constData(), m_file.constData()) == 0 || errno == EEXIST;
    const QString problem = isLinked ? QString() : failureText(u"create"_s);
    ::unlink(m_draft.constData());
    if (!isLinked) {
        return std::unexpected(problem);
    }
    if (const auto synced = syncFolder(); !synced) {
        return std::unexpected(synced.error());
    }
    auto made = read(content.reveal().size());
    if (!made) {
        return std::unexpected(std::move(made).error());
    }
    if (!*made) {
        return std::unexpected(unusable(u"it was removed at once"_s));
    }
    return **std::move(made);
}

std::expected<void, QString> PrivateFile::replace(const Secret &content) const
{
    if (const auto draft = writeDraft(content.reveal()); !draft) {
        return draft;
    }
    if (::rename(m_draft.constData(), m_file.constData()) != 0) {
        const QString problem = failureText(u"replace"_s);
        ::unlink(m_draft.constData());
        return std::unexpected(problem);
    }
    return syncFolder();
}

QString PrivateFile::unusable(const QString &why) const
{
    return u"The %1 %2 cannot be used: %3."_s.arg(m_noun, m_path, why);
}

QString PrivateFile::failureText(const QString &what) const
{
    return u"Cannot %1 the %2 %3: %4."_s.arg(what, m_noun, m_path,
                                             QString::fromLocal8Bit(std::strerror(errno)));
}

std::expected<void, QString> PrivateFile::writeDraft(const QByteArray &bytes) const
{
    ::unlink(m_draft.constData()); // A crash may have left one.
    const Descriptor draft(
        ::open(m_draft.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    const bool isWritten = draft.fd() >= 0
        && ::write(draft.fd(), bytes.constData(), static_cast<std::size_t>(bytes.size()))
            == bytes.size()
        && ::fsync(draft.fd()) == 0;
    if (!isWritten) {
        return std::unexpected(failureText(u"write"_s));
    }
    return {};
}

std::expected<void, QString> PrivateFile::syncFolder() const
{
    const QByteArray folder = QFile::encodeName(QFileInfo(m_path).absolutePath());
    const Descriptor descriptor(::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.fd() < 0 || ::fsync(descriptor.fd()) != 0) {
        return std::unexpected(failureText(u"write the folder of"_s));
    }
    return {};
}

} // namespace delta
