using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>A level of a parameter's dotted name that computes nothing itself; it keeps checkpoints interchangeable.</summary>
internal sealed class Named : Module
{
    public Named(string name, params (string Name, Module Module)[] children)
        : base(name)
    {
        foreach (var (child, module) in children)
            register_module(child, module);
    }
}
