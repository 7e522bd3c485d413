using SpeechGan.Bisect;
using SpeechGan.Comparison;
using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Engine;
using SpeechGan.Goldens;
using SpeechGan.Import;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using SpeechGan.Training;
using SpeechGan.Workflows;

namespace SpeechGan.Cli;

/// <summary>Turns what went wrong into a sentence on standard error and an exit code.</summary>
internal static class Guard
{
    /// <summary>What is said where an end was asked for.</summary>
    internal const string Stopped = "Stopped on request.";

    /// <summary>Runs a verb.</summary>
    public static int Run(Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (OperationCanceledException)
        {
            Terminal.Error.Line(Stopped);
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (Explain(e) is { } code)
        {
            Terminal.Error.Line($"speechgan: {e.Message}");
            return code;
        }
    }

    /// <summary>The exit code of what is told in a sentence; null: a mistake in the program.</summary>
    internal static int? Explain(Exception e) =>
        e switch
        {
            ConfigException
            or CorpusException
            or AudioFileException
            or StateDictException
            or SafetensorsException
            or UsageException
            or BisectException
            or ImportException
            or ComparisonException => ExitCode.BadUsage,
            GoldenException { InnerException: IOException or UnauthorizedAccessException } => ExitCode.Environment,
            GoldenException => ExitCode.BadUsage,
            RunFolderException r => r.ExitCode,
            NonFiniteException or ReplicaException => ExitCode.CheckFailed,
            GroupException or EngineException or KernelException or EnvironmentException => ExitCode.Environment,
            UnauthorizedAccessException or IOException => ExitCode.Environment,
            _ => null,
        };
}
