using SpeechGan.Runs;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>The weights a run begins with where files give them.</summary>
internal static class InitialWeights
{
    /// <summary>Loads what <c>train.initGenerator</c> and <c>train.initDiscriminator</c> name; a network without a file keeps its
    /// values.</summary>
    /// <exception cref="StateDictException">A file is missing or of other sizes.</exception>
    public static void Load(Networks networks, RunConfig config)
    {
        Load(networks.Generator, config.Train.InitGenerator);
        if (networks.Discriminator is { } discriminator)
            Load(discriminator, config.Train.InitDiscriminator);
    }

    private static void Load(nn.Module module, string file)
    {
        if (file.Length == 0)
            return;
        if (!File.Exists(file))
            throw new StateDictException(
                $"There is no file '{file}' to begin with. Correct --init-generator or --init-discriminator.",
                file
            );
        StateDict.Load(module, Safetensors.Load(file).Tensors, file);
    }
}
