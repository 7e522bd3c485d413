using System.CommandLine;

namespace SpeechGan.Cli;

/// <summary>The verbs, one visible line each.</summary>
internal static class CommandLine
{
    public static RootCommand Make() => new("SpeechGan trains CMGAN-style speech-enhancement GANs and finds out why their PESQ falls.")
    {
        TrainVerb.Make(),
    };
}
