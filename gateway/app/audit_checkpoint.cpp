#include "gateway/app/audit_checkpoint.h"

#include <QIODevice>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

constexpr auto noteBegin = "the audit log ends with record "_L1;

QByteArray signedText(const QByteArray &link)
{
    return "deltallm-audit-checkpoint " + link;
}

std::unexpected<ApiError> wrongNote(const QString &name, qsizetype line, const QString &what)
{
    return failure(ApiError::invalidRequest(u"line %1 of %2: %3"_s.arg(line).arg(name).arg(what)));
}

/// Reads what follows noteBegin.
Result<store::AuditLink> signedLinkOf(const QString &note, const auth::CheckpointKey &key)
{
    static const QRegularExpression form(u"^(\\d{1,18}:[0-9a-f]{64}), signed ([\\w-]{86})"_s);
    const QRegularExpressionMatch match = form.match(note);
    const QByteArray link = match.captured(1).toLatin1();
    const QByteArray signature = QByteArray::fromBase64(match.captured(2).toLatin1(),
                                                        QByteArray::Base64UrlEncoding);
    if (!match.hasMatch() || !key.hasSigned(signedText(link), signature)) {
        return failure(ApiError::invalidRequest(
            u"no gateway with this pepper has signed what is said there of the audit log"_s));
    }
    return checkpointOf(match.captured(1));
}

} // namespace

QByteArray checkpointLine(const store::AuditLink &link, const auth::CheckpointKey &key)
{
    const QByteArray text = QByteArray::number(link.sequence) + ':' + link.hash;
    return QByteArray(noteBegin) + text + ", signed "
        + key.sign(signedText(text))
              .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

Result<std::vector<store::AuditLink>> readCheckpoints(QIODevice &log, const QString &name,
                                                      const auth::CheckpointKey &key)
{
    std::vector<store::AuditLink> links;
    for (qsizetype number = 1; !log.atEnd(); ++number) {
        const QString line = QString::fromUtf8(log.readLine());
        const qsizetype begin = line.indexOf(noteBegin);
        if (begin < 0) {
            continue;
        }
        const auto link = signedLinkOf(line.sliced(begin + noteBegin.size()), key);
        if (!link) {
            return wrongNote(name, number, link.error().message);
        }
        links.push_back(*link);
    }
    if (links.empty()) {
        return failure(ApiError::invalidRequest(
            u"%1 has no line of a gateway that says where the audit log ends"_s.arg(name)));
    }
    std::ranges::sort(links, {}, &store::AuditLink::sequence);
    return links;
}

Result<store::AuditLink> checkpointOf(const QString &text)
{
    const QStringList parts = text.split(u':');
    bool isNumber = false;
    const qint64 sequence = parts.front().toLongLong(&isNumber);
    const QByteArray hash = parts.value(1).toLatin1().toLower();
    constexpr qsizetype hexDigits = 64;
    if (!isNumber || sequence < 0 || parts.size() != 2 || hash.size() != hexDigits) {
        return failure(ApiError::invalidRequest(
            u"--checkpoint must be SEQUENCE:HASH, as the log of a gateway has it, not %1."_s.arg(
                text)));
    }
    return store::AuditLink{sequence, hash};
}

} // namespace delta::app
