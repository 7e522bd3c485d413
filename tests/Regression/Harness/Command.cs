using CliWrap;
using CliWrap.Buffered;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>A program that a test runs to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10); // not a measure of anything: a test that hangs ends

    /// <summary>Runs it; whatever its exit code, it is told.</summary>
    /// <param name="folder">Its current folder.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null takes one away.</param>
    /// <returns>Exit code, and both outputs one after the other.</returns>
    public static (int ExitCode, string Output) Run(
        string folder,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null
    )
    {
        var end = Buffered(folder, program, arguments, environment);
        return (end.ExitCode, end.StandardOutput + end.StandardError);
    }

    /// <summary>The same, with both outputs apart.</summary>
    public static BufferedCommandResult Buffered(
        string folder,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null
    )
    {
        using var late = new CancellationTokenSource(Patience);
        return CliWrap
            .Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(late.Token)
            .GetAwaiter()
            .GetResult();
    }
}
