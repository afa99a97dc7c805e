#include "gateway/config/config_loader.h"

#include "gateway/config/config_checks.h"
#include "gateway/config/key_tables.h"
#include "gateway/config/yaml_reader.h"

#include <QFile>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

std::expected<QByteArray, Problem> readFile(QFile &file)
{
    if (!file.open(QIODevice::ReadOnly)) {
        return std::unexpected(
            Problem{file.fileName(), {}, {}, u"cannot be opened: "_s + file.errorString()});
    }
    // One byte more than is allowed, so that the YAML reader can tell, whatever the size claims to
    // be.
    QByteArray bytes = file.read(maxFileBytes + 1);
    if (file.error() != QFileDevice::NoError) {
        return std::unexpected(
            Problem{file.fileName(), {}, {}, u"cannot be read: "_s + file.errorString()});
    }
    return bytes;
}

struct Parsed {
    LoadResult result;
    bool holdsSecrets = false; ///< The file itself does.
};

std::expected<Parsed, Problems> parseText(const QByteArray &text, const QString &file,
                                          const Surroundings &surroundings)
{
    const YamlDocument document = readYaml(text, file);
    if (!document.root) {
        return std::unexpected(document.problems);
    }
    Reading reading{.file = file,
                    .environment = surroundings.environment,
                    .prices = surroundings.prices,
                    .errors = document.problems,
                    .warnings = {}};
    const Value value(reading, *document.root, {});
    ConfigDraft draft;
    readSection(value, topLevelTable, draft);
    checkTogether(value, draft);
    if (!reading.errors.empty()) {
        sortByPlace(reading.errors);
        return std::unexpected(std::move(reading.errors));
    }
    sortByPlace(reading.warnings);
    return Parsed{{std::move(draft.config), std::move(reading.warnings)}, reading.holdsSecrets};
}

} // namespace

std::expected<LoadResult, Problems> load(const QString &path, const Surroundings &surroundings)
{
    QFile file(path);
    const auto text = readFile(file);
    if (!text) {
        return std::unexpected(Problems{text.error()});
    }
    auto parsed = parseText(*text, path, surroundings);
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    if (parsed->holdsSecrets && file.permissions().testFlag(QFileDevice::ReadOther)) {
        parsed->result.warnings.insert(
            parsed->result.warnings.begin(),
            Problem{path,
                    {},
                    {},
                    u"holds secrets and can be read by every user of this machine; chmod 0640"_s});
    }
    return std::move(parsed->result);
}

std::expected<LoadResult, Problems> parse(const QByteArray &text, const QString &file,
                                          const Surroundings &surroundings)
{
    auto parsed = parseText(text, file, surroundings);
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    return std::move(parsed->result);
}

} // namespace delta::config
