namespace SpeechGan.Tests.Container;

/// <summary>A network of the test's own between containers, without a way out of it.</summary>
internal sealed class Network : IAsyncDisposable
{
    private Network(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Makes it.</summary>
    public static async Task<Network> MakeAsync()
    {
        var name = $"speechgan-test-{Guid.NewGuid():N}"[..30];
        await Docker.AsyncOf("network", "create", "--internal", "--label", Docker.Label, name);
        return new Network(name);
    }

    /// <summary>Takes a container off it: no connection is closed, nothing arrives any more.</summary>
    public Task DisconnectAsync(Node node) => Docker.AsyncOf("network", "disconnect", "--force", Name, node.Name);

    public async ValueTask DisposeAsync() => await Docker.TryAsync("network", "rm", Name);
}
