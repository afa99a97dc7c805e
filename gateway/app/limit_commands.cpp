#include "gateway/app/limit_commands.h"

#include "gateway/app/command_room.h"
#include "gateway/app/console.h"
#include "gateway/limits/rate_table.h"
#include "shared/json/json_codec.h"

#include <QStringList>

#include <vector>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

void printLimit(const RateLimit &limit, OutputForm form)
{
    if (form == OutputForm::Json) {
        printJson(toJson(limit));
        return;
    }
    const QByteArray counter = limits::counterName(limit.subject);
    std::vector<limits::RateRule> rules;
    limits::addRules(limit.limits, counter, rules);
    QStringList texts;
    for (const limits::RateRule &rule : rules) {
        texts.append(limits::limitText(rule));
    }
    printLine(QString::fromUtf8(counter) + u"  "_s + texts.join(u", "_s));
}

} // namespace

ExitCode listLimits(const Options &options)
{
    CommandRoom room;
    const auto limits = openRoom(options, IfNoStore::Fail, room).and_then([&room] {
        return room.limits->list();
    });
    if (!limits) {
        return fail(limits.error());
    }
    for (const RateLimit &limit : *limits) {
        printLimit(limit, options.output);
    }
    if (limits->empty() && options.output == OutputForm::Text) {
        printLine(u"There are no rate limits but those of keys. Make one with: "
                  "deltallm-gateway limits set"_s);
    }
    return ExitCode::Ok;
}

/// Makes no store: in a mistyped folder the limit would hold nobody back, and nobody would notice.
ExitCode setLimit(const Options &options)
{
    CommandRoom room;
    const auto put = openRoom(options, IfNoStore::Fail, room).and_then([&] {
        return room.limits->put(options.limit);
    });
    if (!put) {
        return fail(put.error());
    }
    printLimit(options.limit, OutputForm::Text);
    printLine(u"Set. Running gateways hold to it within a second."_s);
    return ExitCode::Ok;
}

ExitCode removeLimit(const Options &options)
{
    CommandRoom room;
    const auto removed = openRoom(options, IfNoStore::Fail, room).and_then([&] {
        return room.limits->remove(options.limit.subject);
    });
    if (!removed) {
        return fail(removed.error());
    }
    if (!*removed) {
        printError(u"There is no rate limit of the %1; see: deltallm-gateway limits list"_s.arg(
            QString::fromUtf8(limits::counterName(options.limit.subject))));
        return ExitCode::Failed;
    }
    printLine(u"Removed. Running gateways forget it within a second."_s);
    return ExitCode::Ok;
}

} // namespace delta::app
