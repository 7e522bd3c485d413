namespace TorchSharp.Modules;

/// <summary>A tensor that is learnt. It takes over the given tensor's handle and its place in the dispose scope.</summary>
public sealed class Parameter : torch.Tensor
{
    public Parameter(torch.Tensor data, bool requires_grad = true) : base(data, takeOver: true) => this.requires_grad = requires_grad;
}
