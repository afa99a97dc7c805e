#include "gateway/identity/login_letters.h"

#include <QDateTime>
#include <QStringList>

namespace delta::identity {

using namespace Qt::StringLiterals;

namespace {

QString linkOf(const LetterFacts &facts, const QString &page)
{
    return u"%1/ui/%2#token=%3"_s.arg(facts.publicUrl, page,
                                      QString::fromLatin1(facts.token.reveal()));
}

QString timeText(WallTime time)
{
    return QDateTime::fromStdTimePoint(time).toUTC().toString(u"yyyy-MM-dd HH:mm 'UTC'"_s);
}

ports::Mail letterTo(const LetterFacts &facts, const QString &subject, const QStringList &lines)
{
    return {facts.person.email.toUtf8(), subject, lines.join(u'\n') + u'\n'};
}

} // namespace

ports::Mail invitationLetter(const LetterFacts &facts)
{
    return letterTo(facts, u"You are invited to DeltaLLM"_s,
                    {u"You are invited to the DeltaLLM gateway at %1."_s.arg(facts.publicUrl),
                     u"Choose your password here:"_s, QString(), linkOf(facts, u"accept-invite"_s),
                     QString(),
                     u"The link works once, until %1."_s.arg(timeText(facts.expiresAt))});
}

ports::Mail resetLetter(const LetterFacts &facts)
{
    return letterTo(facts, u"Choose another password for DeltaLLM"_s,
                    {u"Somebody asked for another password for %1 at %2."_s.arg(facts.person.email,
                                                                                facts.publicUrl),
                     u"If that was you, choose it here:"_s, QString(),
                     linkOf(facts, u"reset-password"_s), QString(),
                     u"The link works once, until %1. If it was not you, do nothing."_s.arg(
                         timeText(facts.expiresAt))});
}

} // namespace delta::identity
