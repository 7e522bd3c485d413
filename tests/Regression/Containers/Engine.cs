using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;

namespace SpeechGan.Tests.Regression.Containers;

/// <summary>The Docker engine, its image, and what this process makes in it.</summary>
internal static class Engine
{
    private const string Owner = "speechgan.owner";
    private static readonly Lazy<DockerClient?> FoundClient = new(() =>
        TestcontainersSettings.OS?.DockerEndpointAuthConfig?.GetDockerClientBuilder(Guid.NewGuid()).Build()
    );

    static Engine()
    {
        // An old engine (Debian's 20.10) speaks this version at most; a newer one speaks it too.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_API_VERSION")))
            Environment.SetEnvironmentVariable("DOCKER_API_VERSION", "1.41");
        // Testcontainers' own reaper is an image from the internet. Labels and ReapAsync do its work.
        TestcontainersSettings.ResourceReaperEnabled = false;
    }

    /// <summary>The image that tools/container-image builds.</summary>
    public static string Image { get; } =
        Environment.GetEnvironmentVariable("SPEECHGAN_IMAGE") is { Length: > 0 } name ? name : "speechgan:checkout";

    /// <summary>On everything this process makes: its pid and a number of its own, so that a later run can tell what a killed one
    /// left.</summary>
    public static (string Key, string Value) Label { get; } =
        (Owner, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}"));

    /// <summary>The engine's interface, for what Testcontainers does not offer.</summary>
    public static DockerClient Client =>
        FoundClient.Value ?? throw new InvalidOperationException("There is no Docker engine; WhyNotAsync would have said so.");

    /// <summary>Why containers of this checkout cannot be had here, with what to do; null where they can.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        if (FoundClient.Value is not { } client)
            return "no Docker engine is here: neither a socket nor DOCKER_HOST. Start one (dockerd, as root), or set DOCKER_HOST";
        try
        {
            await client.System.PingAsync();
        }
        catch (Exception error) when (error is HttpRequestException or DockerApiException or TimeoutException or IOException)
        {
            return $"no Docker engine answers: {FirstLine((error.InnerException ?? error).Message)}. Start one (dockerd, as root), or "
                + $"set DOCKER_HOST";
        }
        ImageInspectResponse image;
        try
        {
            image = await client.Images.InspectImageAsync(Image);
        }
        catch (DockerImageNotFoundException)
        {
            return $"the image {Image} is not on this host: tools/container-image builds it";
        }
        var found = image.Config?.Labels?.TryGetValue("speechgan.sources", out var label) == true ? label : "none";
        var (wanted, words) = await Checkout.DigestAsync();
        if (wanted.Length == 0)
            return $"the checkout's sources cannot be told: {FirstLine(words)}";
        if (found == wanted)
            return null;
        return $"the image {Image} was built from other sources ({found}, this checkout has {wanted}): "
            + "tools/container-image builds it anew";
    }

    /// <summary>Removes the containers and networks of processes that are gone.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> ReapAsync()
    {
        var owned = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [Owner] = true } };
        var reaped = 0;
        foreach (var container in await Client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = owned }))
        {
            if (Lives(container.Labels))
                continue;
            await Client.Containers.RemoveContainerAsync(
                container.ID,
                new ContainerRemoveParameters { Force = true, RemoveVolumes = true }
            );
            reaped++;
        }
        foreach (var network in await Client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = owned }))
        {
            if (Lives(network.Labels))
                continue;
            await Client.Networks.DeleteNetworkAsync(network.ID);
            reaped++;
        }
        return reaped;
    }

    private static bool Lives(IDictionary<string, string> labels) => Directory.Exists("/proc/" + labels[Owner].Split('-')[0]);

    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault("no reason given")
            .TrimEnd('.');
}
