using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;

namespace SpeechGan.Tests.Regression.Containers;

/// <summary>A network of the test's own between containers, without a way out of it.</summary>
internal sealed class Network : IAsyncDisposable
{
    private readonly INetwork network;

    private Network(INetwork network) => this.network = network;

    /// <summary>Its name.</summary>
    public string Name => network.Name;

    /// <summary>Makes it.</summary>
    public static async Task<Network> MakeAsync()
    {
        var network = new NetworkBuilder()
            .WithLabel(Engine.Label.Key, Engine.Label.Value)
            .WithCreateParameterModifier(p => p.Internal = true)
            .Build();
        await network.CreateAsync();
        return new Network(network);
    }

    /// <summary>Takes a container off it: no connection is closed, nothing arrives any more.</summary>
    public Task DisconnectAsync(Node node) =>
        Engine.Client.Networks.DisconnectNetworkAsync(Name, new NetworkDisconnectParameters { Container = node.Id, Force = true });

    public ValueTask DisposeAsync() => network.DisposeAsync();
}
