using System.Diagnostics;
using System.Globalization;

namespace SpeechGan.Tests.Container;

/// <summary>The docker command line, as far as the suite needs it.</summary>
internal static class Docker
{
    /// <summary>The image that tools/container-image builds.</summary>
    public static string Image { get; } = Environment.GetEnvironmentVariable("SPEECHGAN_IMAGE") is { Length: > 0 } name ? name : "speechgan:checkout";

    /// <summary>On everything this process makes: its pid and a number of its own, so that a later run can tell what a killed one left.</summary>
    public static string Label { get; } = string.Create(CultureInfo.InvariantCulture, $"{Owner}={Environment.ProcessId}-{Guid.NewGuid():N}");

    private const string Owner = "speechgan.owner";

    /// <summary>Runs a docker command to its end.</summary>
    public static Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments) => RunAsync("docker", arguments);

    /// <summary>Runs a docker command that must succeed, and gives what it printed.</summary>
    public static async Task<string> AsyncOf(params string[] arguments)
    {
        var (code, output, error) = await TryAsync(arguments);
        code.Should().Be(0, "docker {0}: {1}", string.Join(' ', arguments), error);
        return output.Trim();
    }

    /// <summary>Why containers of this checkout cannot be had here, with what to do; null where they can.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        try
        {
            var (code, _, error) = await TryAsync("version", "--format", "{{.Server.Version}}");
            if (code != 0)
                return $"no Docker daemon answers: {FirstLine(error)}. Start one (dockerd, as root), or set DOCKER_HOST";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "the docker command is not here: install Docker (on Debian: apt-get install docker.io)";
        }
        var (there, found, _) = await TryAsync("image", "inspect", "--format", "{{ index .Config.Labels \"speechgan.sources\" }}", Image);
        if (there != 0)
            return $"the image {Image} is not on this host: tools/container-image builds it";
        var (_, wanted, words) = await RunAsync(Repository.PathOf("tools", "container-image"), "--digest");
        return wanted.Trim().Length == 0 ? $"the checkout's sources cannot be told: {FirstLine(words)}"
            : found.Trim() == wanted.Trim() ? null
            : $"the image {Image} was built from other sources ({found.Trim()}, this checkout has {wanted.Trim()}): tools/container-image builds it anew";
    }

    /// <summary>Removes the containers and networks of runs whose process is gone.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> ReapAsync()
    {
        var reaped = 0;
        foreach (var (list, remove) in new (string[], string[])[] { (["ps", "-a"], ["rm", "-f"]), (["network", "ls"], ["network", "rm"]) })
        {
            var left = await AsyncOf([.. list, "--filter", $"label={Owner}", "--format", "{{.ID}} {{.Label \"" + Owner + "\"}}"]);
            foreach (var line in left.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var (id, owner) = (line.Split(' ')[0], line.Split(' ')[1]);
                if (Directory.Exists("/proc/" + owner.Split('-')[0]))
                    continue;
                await AsyncOf([.. remove, id]);
                reaped++;
            }
        }
        return reaped;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static string FirstLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("no reason given").TrimEnd('.');
}
