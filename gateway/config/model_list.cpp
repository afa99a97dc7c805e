#include "gateway/config/model_list.h"

#include "gateway/config/key_tables.h"
#include "shared/core/quoted.h"

#include <QHash>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Gives every deployment an id, and sees to it that no two have the same.
class DeploymentIds
{
public:
    void assign(const Value &entry, Deployment &deployment)
    {
        const int index = m_counts[deployment.modelName]++;
        if (deployment.id.isEmpty()) {
            deployment.id = u"%1-%2"_s.arg(deployment.modelName).arg(index);
        }
        if (const int line = m_lines.value(deployment.id); line > 0) {
            entry.fail(u"has the deployment id %1, as has the entry on line %2; set deployment_id"_s
                           .arg(quoted(deployment.id))
                           .arg(line));
            return;
        }
        m_lines.insert(deployment.id, entry.node().place.line);
    }

private:
    QHash<QString, int> m_counts; ///< Entries so far, by model name.
    QHash<QString, int> m_lines;  ///< Where each id was given.
};

} // namespace

void readModelList(const Value &list, const Limits &, ConfigDraft &draft)
{
    if (list.node().kind != YamlNode::Kind::List) {
        failKind(list, "a list"_L1);
        return;
    }
    DeploymentIds ids;
    for (std::size_t i = 0; i < list.node().items.size(); ++i) {
        const Value entry = list.at(i);
        const auto errors = list.reading().errors.size();
        ModelDraft model;
        readSection(entry, modelTable, model);
        if (list.reading().errors.size() == errors) {
            ids.assign(entry, model.endpoint.deployment);
            finishModel(entry, std::move(model), draft);
        }
    }
}

} // namespace delta::config
