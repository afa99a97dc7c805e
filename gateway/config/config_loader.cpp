#include "gateway/config/config_loader.h"

#include "gateway/config/config_checks.h"
#include "gateway/config/key_tables.h"
#include "gateway/config/overlay.h"
#include "gateway/config/yaml_reader.h"

#include <QFile>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

std::expected<QByteArray, Problem> readFile(QFile &file)
{
    if (file.fileName().isEmpty()) {
        return QByteArray(); // There is no file.
    }
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

/// A file that was read to its end, whatever is wrong with it.
struct Reached {
    Parsed parsed;
    Problems yamlErrors; ///< Of the file as a text.
    Problems errors;     ///< Of its keys and values.
    std::vector<FoundKey> found;
};

bool isOfLiteLlm(const YamlNode &root)
{
    const YamlNode *models = root.find(u"model_list");
    return root.find(u"litellm_settings")
        || (models && std::ranges::any_of(models->items, [](const YamlNode::Pointer &item) {
                return item->find(u"litellm_params") != nullptr;
            }));
}

/// `isWanted` may be null: all is.
Reached readText(const QByteArray &text, const QString &file, const Surroundings &surroundings,
                 IsWanted isWanted)
{
    Reached reached;
    const YamlDocument document = readYaml(text, file);
    reached.yamlErrors = document.problems;
    if (!document.root) {
        return reached;
    }
    const YamlNode::Pointer root = overlaid(document.root, surroundings.overlay);
    const auto secrets = surroundings.openSecrets ? surroundings.openSecrets() : nullptr;
    Reading reading{.file = file,
                    .environment = surroundings.environment,
                    .prices = surroundings.prices,
                    .prepare = surroundings.prepare,
                    .secrets = secrets.get(),
                    .isWanted = isWanted,
                    .isOfLiteLlm = isOfLiteLlm(*root),
                    .errors = {},
                    .warnings = {},
                    .overlay = surroundings.overlay,
                    .found = {}};
    const Value value(reading, *root, {});
    ConfigDraft draft;
    readSection(value, topLevelTable, draft);
    checkTogether(value, draft);
    reached.errors = std::move(reading.errors);
    reached.found = std::move(reading.found);
    reached.parsed = {{std::move(draft.config), std::move(reading.warnings)}, reading.holdsSecrets};
    return reached;
}

std::expected<Parsed, Problems> parseText(const QByteArray &text, const QString &file,
                                          const Surroundings &surroundings)
{
    Reached reached = readText(text, file, surroundings, nullptr);
    Problems errors = std::move(reached.yamlErrors);
    errors.insert(errors.end(), reached.errors.begin(), reached.errors.end());
    if (!errors.empty()) {
        sortByPlace(errors);
        return std::unexpected(std::move(errors));
    }
    sortByPlace(reached.parsed.result.warnings);
    return std::move(reached.parsed);
}

/// Reads a file of which only a part is wanted: what is wrong or worth a note elsewhere does not count.
std::expected<Reached, Problems> reachPart(const QString &path, const Surroundings &surroundings,
                                           IsWanted isWanted)
{
    QFile file(path);
    const auto text = readFile(file);
    if (!text) {
        return std::unexpected(Problems{text.error()});
    }
    Reached reached = readText(*text, path, surroundings, isWanted);
    Problems errors = std::move(reached.yamlErrors);
    std::ranges::copy_if(reached.errors, std::back_inserter(errors), isWanted, &Problem::key);
    if (!errors.empty()) {
        return std::unexpected(std::move(errors));
    }
    std::erase_if(reached.parsed.result.warnings,
                  [isWanted](const Problem &warning) { return !isWanted(warning.key); });
    return reached;
}

std::expected<LoadResult, Problems> loadPart(const QString &path, const Surroundings &surroundings,
                                             IsWanted isWanted)
{
    return reachPart(path, surroundings, isWanted).transform([](Reached reached) {
        return std::move(reached.parsed.result);
    });
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

std::expected<std::vector<FoundKey>, Problems> findKeys(const QString &path,
                                                        const Surroundings &surroundings,
                                                        IsWanted isWanted)
{
    return reachPart(path, surroundings, isWanted).transform([](Reached reached) {
        return std::move(reached.found);
    });
}

std::expected<QString, Problems> loadDatabaseUrl(const QString &path,
                                                 const Surroundings &surroundings)
{
    const auto isWanted = [](const QString &key) {
        return key == "general_settings.database_url"_L1;
    };
    return loadPart(path, surroundings, isWanted).transform([](const LoadResult &loaded) {
        return loaded.config.databaseUrl;
    });
}

std::expected<QString, Problems> loadKekFile(const QString &path, const Surroundings &surroundings)
{
    const auto isWanted = [](const QString &key) { return key == "general_settings.kek_file"_L1; };
    return loadPart(path, surroundings, isWanted).transform([](const LoadResult &loaded) {
        return loaded.config.kekFile;
    });
}

std::expected<LoadResult, Problems> loadAlertSettings(const QString &path,
                                                      const Surroundings &surroundings)
{
    return loadPart(path, surroundings,
                    [](const QString &key) { return key.startsWith("general_settings.alert"_L1); });
}

} // namespace delta::config
