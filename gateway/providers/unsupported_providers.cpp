#include "gateway/providers/unsupported_providers.h"

#include <QString>

using namespace Qt::StringLiterals;

namespace delta::providers {

namespace {

constexpr auto names =
    "a2a_agent ai21 ai21_chat aiml aiohttp_openai aleph_alpha anthropic_text anyscale "
    "assemblyai auto_router azure azure_ai azure_text baseten bedrock bedrock_mantle bytez "
    "cerebras clarifai cloudflare codestral cohere cohere_chat cometapi custom dashscope "
    "databricks datarobot deepgram elevenlabs empower fal_ai featherless_ai friendliai "
    "galadriel gigachat github github_copilot gradient_ai heroku huggingface humanloop "
    "hyperbolic infinity jina_ai lambda_ai langfuse lemonade llamafile maritalk "
    "meta_llama milvus minimax moonshot morph nebius nlp_cloud novita nscale nvidia_nim oci "
    "oobabooga ovhcloud palm petals pg_vector predibase recraft replicate runwayml "
    "sagemaker sagemaker_chat sambanova sap snowflake soniox text-completion-codestral "
    "text-completion-openai topaz triton v0 vercel_ai_gateway vertex_ai vertex_ai_beta "
    "volcengine voyage wandb watsonx watsonx_text xinference zai"_L1;

} // namespace

bool isUnsupportedProvider(QStringView name)
{
    for (const QLatin1StringView known : names.tokenize(u' ')) {
        if (name == known) {
            return true;
        }
    }
    return false;
}

} // namespace delta::providers
