#include "gateway/config/known_keys.h"

#include "gateway/config/key_tables.h"

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

template <typename Target>
void append(const Table<Target> &table, const QString &prefix, std::vector<KnownKey> &keys)
{
    for (const Key<Target> &key : table.keys) {
        const QString path = prefix + key.name;
        if (key.section) {
            append(*key.section, path + u'.', keys);
            continue;
        }
        keys.push_back({path, key.type, Effect::Effective, key.meaning, key.alias});
    }
    if (table.family) {
        keys.push_back(
            {prefix + table.family->pattern, {}, Effect::Effective, table.family->meaning, {}});
    }
    for (const IdleKeys &group : table.idle) {
        for (const QString &name : group.list()) {
            keys.push_back({prefix + name, {}, group.effect, group.reason, {}});
        }
    }
}

} // namespace

std::vector<KnownKey> knownKeys()
{
    std::vector<KnownKey> keys;
    append(topLevelTable, {}, keys);
    append(modelTable, u"model_list[]."_s, keys);
    return keys;
}

} // namespace delta::config
